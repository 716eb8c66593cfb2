package io.retainer.contract;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asked of the modules above, which know what the notices they had sent are about. */
public interface NoticeParticulars {

    /**
     * What happened, how much it is about and until when, as things stood when the notice was sent. Called inside a
     * transaction of the tenant.
     *
     * @param termination that the notice declares, or null when it declares none
     */
    Optional<NoticeLetter.Particulars> of(Notice notice, @Nullable Termination termination);
}
