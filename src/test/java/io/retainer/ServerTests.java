package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Texts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the person at the keyboard reads when the server cannot start. */
class ServerTests {

    @TempDir
    Path data;

    @Test
    void saysInOneSentenceThatThePortIsTaken() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Server.start(
                            "--server.port=" + other.getLocalPort(), "--retainer.data=" + data.resolve("new")))
                    .isInstanceOfSatisfying(
                            CannotStart.class,
                            trouble -> assertThat(Texts.in(Texts.ENGLISH).say(trouble.sentence()))
                                    .startsWith("Port " + other.getLocalPort() + " on 127.0.0.1 is taken."));
        }
        assertThat(data.resolve("new")).as("nothing was begun").doesNotExist();
    }

    @Test
    void saysInOneSentenceThatTheDirectoryCannotBeWritten() throws IOException {
        var file = Files.createFile(data.resolve("file"));
        assertThatThrownBy(() -> Server.start("--server.port=0", "--retainer.data=" + file.resolve("below")))
                .isInstanceOfSatisfying(
                        CannotStart.class,
                        trouble -> assertThat(Texts.in(Texts.CHINESE).say(trouble.sentence()))
                                .contains("无法写入")
                                .contains(file.toString()));
    }
}
