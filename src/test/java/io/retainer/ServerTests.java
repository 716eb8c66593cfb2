package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Texts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
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

    @Test
    void saysInOneSentenceThatOthersCanReadTheMasterKey() throws IOException {
        var key = Files.writeString(data.resolve("vault.key"), "{}");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Server.start(
                        "--server.port=0",
                        "--retainer.data=" + data.resolve("new"),
                        "--retainer.demo=false",
                        "--retainer.vault.key=" + key))
                .isInstanceOfSatisfying(
                        CannotStart.class,
                        trouble -> assertThat(Texts.in(Texts.ENGLISH).say(trouble.sentence()))
                                .contains(key.toString())
                                .contains("rw-r--r--")
                                .contains("chmod 600"));
    }

    @Test
    void takesMoreYearsOfTheCalendarFromAFile() throws IOException {
        var file = Files.writeString(data.resolve("2027.csv"), "year,2027\n2027-01-01,OFF,statutory,元旦\n");
        var calendar = new Retainer().workCalendar(file.toString());
        assertThat(calendar.years()).contains(2025, 2026, 2027);
        assertThat(calendar.isWorkday(LocalDate.of(2027, 1, 1))).isFalse();
        assertThat(calendar.warning(LocalDate.of(2027, 1, 4))).isNull();
        Files.writeString(file, "2027-01-01,OFF,statutory,元旦\n");
        assertThatThrownBy(() -> new Retainer().workCalendar(file.toString()))
                .isInstanceOfSatisfying(
                        CannotStart.class,
                        trouble -> assertThat(Texts.in(Texts.ENGLISH).say(trouble.sentence()))
                                .contains(file.toString())
                                .contains("2027"));
    }
}
