package io.retainer.evidence.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoteTests {

    static final KeyPair PAIR = pair();
    static final VerifierKey KEY = VerifierKey.of("ledger.example/a", PAIR.getPublic());

    /** The example of the C2SP signed-note text. */
    @Test
    void verifiesThePublishedNote() {
        var key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        var note = SignedNote.parse(PUBLISHED_NOTE);
        assertThat(key.toString()).isEqualTo("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        assertThat(note.signedBy(key)).isTrue();
        assertThat(note.signedBy(key.named("example.com/bar"))).isFalse();
        assertThat(note).hasToString(PUBLISHED_NOTE);
    }

    @Test
    void signsACheckpointThatReadsBack() {
        var checkpoint = new Checkpoint(KEY.name(), 3, Hash.leaf(new byte[] {1}));
        var note = SignedNote.sign(checkpoint.text(), KEY, PAIR.getPrivate());
        var read = SignedNote.parse(note.toString());
        assertThat(read).isEqualTo(note);
        assertThat(read.signedBy(VerifierKey.parse(KEY.toString()))).isTrue();
        assertThat(Checkpoint.of(read)).isEqualTo(checkpoint);
    }

    @Test
    void signaturesOfStrangersAreIgnoredButOursMustHold() {
        var stranger = pair();
        var name = "witness.example";
        var ours = SignedNote.sign("text\n", KEY, PAIR.getPrivate());
        var theirs = SignedNote.sign("text\n", VerifierKey.of(name, stranger.getPublic()), stranger.getPrivate());
        var both = new SignedNote(
                "text\n",
                List.of(theirs.signatures().getFirst(), ours.signatures().getFirst()));
        assertThat(SignedNote.parse(both.toString()).signedBy(KEY)).isTrue();
        assertThat(theirs.signedBy(KEY)).isFalse();
        var broken =
                SignedNote.sign("other\n", KEY, PAIR.getPrivate()).signatures().getFirst();
        assertThat(new SignedNote("text\n", List.of(ours.signatures().getFirst(), broken)).signedBy(KEY))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "text\n\n",
                "text\n— name AAAAAAAA\n",
                "text\n\n— name AAAAAAAA",
                "text\n\n- name AAAAAAAA\n",
                "text\n\n— na+me AAAAAAAA\n",
                "text\n\n— name AAAA\n",
                "text\n\n— name AAAAAAAB=\n",
                "text\n\n— name\u3000 AAAAAAAA\n",
                "te\rxt\n\n— name AAAAAAAA\n",
                "text\n\n— name AAAAAAAA\n\n"
            })
    void refusesWhatIsNoNote(String text) {
        assertThatThrownBy(() -> SignedNote.parse(text)).isInstanceOf(MalformedLog.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "origin\n1\n",
                "\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n",
                "origin\n01\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n",
                "origin\n-1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n",
                "origin\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB1=\n",
                "origin\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoA==\n",
                "origin\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\nextension\n",
                "origin\n99999999999999999999\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n"
            })
    void refusesWhatIsNoCheckpoint(String text) {
        assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(MalformedLog.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com/foo",
                "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
            })
    void refusesWhatIsNoKey(String text) {
        assertThatThrownBy(() -> VerifierKey.parse(text)).isInstanceOf(MalformedLog.class);
    }

    @Test
    void aProofStandsAlone() {
        var entries = TreeTests.entries(100, 5);
        var tree = TreeTests.tree(entries);
        var note = SignedNote.sign(new Checkpoint(KEY.name(), 100, tree.root(100)).text(), KEY, PAIR.getPrivate());
        for (int i = 0; i < 100; i++) {
            var proof = TlogProof.parse(new TlogProof(i, tree.inclusion(i, 100), note).toString());
            assertThat(proof.index()).isEqualTo(i);
            assertThat(proof.proves(Hash.leaf(entries.get(i)), KEY)).isTrue();
            assertThat(proof.proves(Hash.leaf(new byte[] {9, 9}), KEY)).isFalse();
            assertThat(proof.proves(Hash.leaf(entries.get(i)), VerifierKey.of(KEY.name(), pair().getPublic())))
                    .isFalse();
        }
    }

    /** Every single-character change, cut and insertion of a valid file, by a fixed seed. */
    @Test
    void LED_3_noMutatedProofFileIsAccepted() {
        var entries = TreeTests.entries(100, 6);
        var tree = TreeTests.tree(entries);
        var note = SignedNote.sign(new Checkpoint(KEY.name(), 100, tree.root(100)).text(), KEY, PAIR.getPrivate());
        var file = new TlogProof(37, tree.inclusion(37, 100), note).toString();
        var leaf = Hash.leaf(entries.get(37));
        assertThat(accepted(file, leaf)).isTrue();
        var random = new Random(7);
        for (int i = 0; i < 6_000; i++) {
            var bad = new StringBuilder(file);
            int at = random.nextInt(file.length());
            switch (random.nextInt(4)) {
                case 0 -> bad.setCharAt(at, (char) (bad.charAt(at) ^ (1 << random.nextInt(7))));
                case 1 -> bad.deleteCharAt(at);
                case 2 -> bad.insert(at, file.charAt(random.nextInt(file.length())));
                case 3 -> bad.setLength(at);
                default -> throw new IllegalStateException();
            }
            if (!bad.toString().equals(file)) {
                assertThat(accepted(bad.toString(), leaf)).as(bad.toString()).isFalse();
            }
        }
    }

    private static boolean accepted(String file, Hash leaf) {
        try {
            var proof = TlogProof.parse(file);
            return proof.index() == 37 && proof.proves(leaf, KEY);
        } catch (MalformedLog malformed) {
            return false;
        }
    }

    static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static final String PUBLISHED_NOTE = """
            This is an example message.

            — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
            """;
}
