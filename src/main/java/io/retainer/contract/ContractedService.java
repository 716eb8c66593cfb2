package io.retainer.contract;

import io.retainer.kernel.Clause;
import java.util.Optional;
import java.util.stream.Stream;

/** The seven services of I-1.1*, by their printed numbers. */
public enum ContractedService {
    INFORMATION(1, Clause.I_1_1_1),
    COMPLAINTS(2, Clause.I_1_1_2),
    RELATIONS(3, Clause.I_1_1_3),
    SURVEYS(4, Clause.I_1_1_4),
    RECOMMENDATION(5, Clause.I_1_1_5),
    CARE(6, Clause.I_1_1_6),
    OTHER_WORK(7, Clause.I_1_1_7);

    private final int number;
    private final Clause clause;

    ContractedService(int number, Clause clause) {
        this.number = number;
        this.clause = clause;
    }

    /** 1 to 7. */
    public int number() {
        return number;
    }

    public Clause clause() {
        return clause;
    }

    static Optional<ContractedService> numbered(int number) {
        return Stream.of(values()).filter(service -> service.number() == number).findFirst();
    }
}
