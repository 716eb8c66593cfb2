package io.retainer.identity;

import io.retainer.kernel.Sentence;
import java.util.List;

/** Answered only where the demo runs: whom a newcomer may sign in as, with one click on the sign-in page. */
public interface DemoPeople {

    List<DemoPerson> people();

    /** Whether all that there is to look at has been made; the server answers before. */
    boolean ready();

    /** Whether the filling came to its end; a first start that was killed leaves a part of it, for ever. */
    boolean whole();

    /** The password all of them share. */
    String password();

    /** @param what who this is, to help choose */
    record DemoPerson(String login, Sentence what) {}
}
