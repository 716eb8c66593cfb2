package io.retainer.contract;

/**
 * An annex of the contract as typed terms (III-A1 to III-A5). Lists hold the rows that are complete and readable; a
 * single part that is not is null. What is missing is told by {@link AnnexGap}s, never guessed.
 */
public sealed interface Annex permits ServicePlan, DataProcessingAgreement, PaymentSchedule, Nda, ThirdPartyAgreement {

    AnnexKind kind();
}
