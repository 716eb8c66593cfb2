package io.retainer.customer;

import io.retainer.matching.PostalAddress;
import io.retainer.vault.BlindIndex;
import io.retainer.vault.ClientVault;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.SealedColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where an address of mainland China is. Province and city are kept as they are, because millions live in them; the district
 * only as a blind index.
 *
 * @param city province and city without their suffixes, such as {@code 广东 深圳}; of a municipality, or when no city is
 *     said, the province alone
 * @param district with its suffix, or empty
 */
record Region(String city, String district) {

    private static final BlindIndex PART =
            BlindIndex.part(new SealedColumn("customer.contact", "region", PersonalKind.ADDRESS));

    /** Empty when the address says no province, and no city that only one province has. */
    static Optional<Region> of(String address) {
        var found = PostalAddress.parse(address);
        return found.province().isEmpty()
                ? Optional.empty()
                : Optional.of(new Region(
                        found.city().isEmpty() ? found.province() : found.province() + " " + found.city(),
                        found.district()));
    }

    /**
     * The place somebody names who looks for people there; empty when it is none, or is followed by what is not understood,
     * such as a district without its suffix.
     */
    static Optional<Region> named(String place) {
        return PostalAddress.parse(place).detail().isEmpty() ? of(place) : Optional.empty();
    }

    String province() {
        int end = city.indexOf(' ');
        return end < 0 ? city : city.substring(0, end);
    }

    /** The blind index of the district, to be kept with the address. */
    Optional<Integer> district(ClientVault vault) {
        return district.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(vault.index(PART, city + " " + district)).map(Long::intValue);
    }

    /** Under what an address in a city, or a province, is found. */
    static List<Integer> parts(String city, ClientVault vault) {
        var parts = new ArrayList<Integer>();
        var province = new Region(city, "").province();
        for (var part : province.equals(city) ? List.of(city) : List.of(province, city)) {
            var index = vault.index(PART, part);
            if (index != null) {
                parts.add(index.intValue());
            }
        }
        return parts;
    }

    /** The narrowest of what it says, which is what somebody who searches for it means. */
    List<Integer> wanted(ClientVault vault) {
        return district(vault)
                .map(List::of)
                .orElseGet(() -> List.of(parts(city, vault).getLast()));
    }
}
