package io.retainer.contract;

import io.retainer.kernel.Party;
import java.util.UUID;

/**
 * Who a text that somebody hands in is a contract between.
 *
 * @param organisation of the person who hands it in
 * @param party which part that organisation takes
 * @param counterparty registered name of the organisation on the other side
 */
public record NewContract(UUID organisation, Party party, String counterparty) {}
