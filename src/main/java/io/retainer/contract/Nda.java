package io.retainer.contract;

import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Annex 4, the confidentiality agreement (III-A4).
 *
 * @param classes what is confidential (III-A4.1)
 * @param duties who must do what (III-A4.2)
 * @param exceptions what is not covered (III-A4.2)
 * @param liability for a breach (III-A4.3), or null
 * @param duration how long it lasts (III-A4.4, G-17), or null
 */
public record Nda(
        List<InformationClass> classes,
        List<SecrecyDuty> duties,
        List<String> exceptions,
        @Nullable Liability liability,
        @Nullable Duration duration)
        implements Annex {

    public Nda {
        classes = List.copyOf(classes);
        duties = List.copyOf(duties);
        exceptions = List.copyOf(exceptions);
    }

    @Override
    public AnnexKind kind() {
        return AnnexKind.CONFIDENTIALITY;
    }

    public record InformationClass(String name, Secrecy secrecy, String definition) {}

    public enum Secrecy {
        TRADE_SECRET,
        BUSINESS,
        PERSONAL_INFORMATION
    }

    public record SecrecyDuty(String duty, Party debtor) {}

    /**
     * @param penalty agreed sum per breach, or null when only the loss is compensated
     * @param capExcluded whether no cap limits it
     * @param leakNoticeHours within which a leak is reported, or null when annex 4 does not say
     */
    public record Liability(
            @Nullable Money penalty,
            boolean capExcluded,
            String consequence,
            @Nullable Integer leakNoticeHours) {}

    /**
     * @param years after the end of the contract, for what is neither trade secret nor personal information
     * @param secretsUntilPublic whether trade secrets stay confidential until they are public
     * @param personalUntilErased whether personal information stays so until it is erased
     */
    public record Duration(int years, boolean secretsUntilPublic, boolean personalUntilErased) {}
}
