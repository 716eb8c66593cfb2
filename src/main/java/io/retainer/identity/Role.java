package io.retainer.identity;

import static io.retainer.identity.Capability.AGREE_WORK;
import static io.retainer.identity.Capability.ANSWER_DEMAND;
import static io.retainer.identity.Capability.APPROVE_REMEDY;
import static io.retainer.identity.Capability.ASSERT_RIGHT;
import static io.retainer.identity.Capability.CONFIRM_TERMS;
import static io.retainer.identity.Capability.DO_WORK;
import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.EDIT_TERMS;
import static io.retainer.identity.Capability.GUARD_DATA;
import static io.retainer.identity.Capability.IMPORT_CUSTOMERS;
import static io.retainer.identity.Capability.ISSUE_RECEIPT;
import static io.retainer.identity.Capability.LEAD_COMPLAINTS;
import static io.retainer.identity.Capability.MANAGE_MESSAGES;
import static io.retainer.identity.Capability.OPERATE_DUTY;
import static io.retainer.identity.Capability.READ_COMPLAINTS;
import static io.retainer.identity.Capability.READ_CONTRACT;
import static io.retainer.identity.Capability.READ_CUSTOMERS;
import static io.retainer.identity.Capability.READ_LEDGER;
import static io.retainer.identity.Capability.READ_MONEY;
import static io.retainer.identity.Capability.RECORD_PAYMENT;
import static io.retainer.identity.Capability.REQUEST_WORK;
import static io.retainer.identity.Capability.REVEAL;
import static io.retainer.identity.Capability.SIGN;
import static io.retainer.identity.Capability.SUBMIT;
import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.kernel.Party;
import java.util.EnumSet;
import java.util.Set;

/** What a person is in an organisation. What it allows depends on the organisation's part in a contract. */
public enum Role {
    /** 客服专员: works the queues; sees no money. */
    AGENT,
    /** 运营主管: runs the provider's contracts. */
    OPERATIONS_LEAD,
    /** 负责人: owns the contract on the client's side, or the provider's company. */
    OWNER,
    /** 财务: pays, or books what was paid. */
    FINANCE,
    /** 个人信息保护负责人. */
    DATA_PROTECTION,
    /** 律师: reads everything, changes nothing. */
    LAWYER;

    /** What a person in this role may do under a contract in which the organisation is the given party. */
    public Set<Capability> capabilitiesAs(Party party) {
        return switch (this) {
            case AGENT ->
                switch (party) {
                    case PROVIDER ->
                        Set.of(
                                READ_CONTRACT,
                                OPERATE_DUTY,
                                READ_CUSTOMERS,
                                EDIT_CUSTOMERS,
                                REVEAL,
                                READ_COMPLAINTS,
                                WORK_COMPLAINTS,
                                DO_WORK);
                    case CLIENT -> Set.of(READ_CONTRACT, READ_CUSTOMERS, READ_COMPLAINTS, REQUEST_WORK);
                    case THIRD_PARTY -> Set.of(READ_CONTRACT);
                };
            case LAWYER -> Set.of(READ_CONTRACT, READ_MONEY, READ_LEDGER);
            case DATA_PROTECTION ->
                party == Party.THIRD_PARTY
                        ? Set.of(READ_CONTRACT, READ_LEDGER)
                        : Set.of(READ_CONTRACT, READ_LEDGER, READ_CUSTOMERS, GUARD_DATA);
            case FINANCE ->
                switch (party) {
                    case CLIENT -> Set.of(READ_CONTRACT, READ_MONEY, READ_LEDGER, ANSWER_DEMAND);
                    case PROVIDER -> Set.of(READ_CONTRACT, READ_MONEY, READ_LEDGER, RECORD_PAYMENT, ISSUE_RECEIPT);
                    case THIRD_PARTY -> Set.of(READ_CONTRACT);
                };
            case OWNER, OPERATIONS_LEAD -> leading(party);
        };
    }

    private static Set<Capability> leading(Party party) {
        var can = EnumSet.of(READ_CONTRACT);
        if (party != Party.THIRD_PARTY) {
            can.addAll(EnumSet.of(
                    READ_MONEY,
                    READ_LEDGER,
                    EDIT_TERMS,
                    CONFIRM_TERMS,
                    SUBMIT,
                    SIGN,
                    ASSERT_RIGHT,
                    ANSWER_DEMAND,
                    MANAGE_MESSAGES,
                    AGREE_WORK));
            can.addAll(
                    EnumSet.of(READ_CUSTOMERS, EDIT_CUSTOMERS, IMPORT_CUSTOMERS, REVEAL, GUARD_DATA, READ_COMPLAINTS));
        }
        if (party == Party.PROVIDER) {
            can.addAll(
                    EnumSet.of(RECORD_PAYMENT, ISSUE_RECEIPT, OPERATE_DUTY, WORK_COMPLAINTS, LEAD_COMPLAINTS, DO_WORK));
        } else if (party == Party.CLIENT) {
            can.addAll(EnumSet.of(APPROVE_REMEDY, REQUEST_WORK));
        }
        return Set.copyOf(can);
    }

    /** Whether people in this role may add and disable the people of their organisation. */
    public boolean managesPeople() {
        return this == OWNER || this == OPERATIONS_LEAD;
    }
}
