package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Refused;
import io.retainer.vault.Purpose;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Notes and files of a customer, and the people of a company, for programs. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/customers/{customer}")
class ProfileApi {

    private final Customers customers;
    private final ProfileNotes notes;
    private final ProfileFiles files;
    private final Idempotency idempotency;

    ProfileApi(Customers customers, ProfileNotes notes, ProfileFiles files, Idempotency idempotency) {
        this.customers = customers;
        this.notes = notes;
        this.files = files;
        this.idempotency = idempotency;
    }

    record IdBody(UUID id) {}

    record NotesBody(List<ProfileNotes.ProfileNote> notes) {}

    /** Personal notes are masked; they are revealed like any other value. */
    @GetMapping("/notes")
    NotesBody notes(Access access, @PathVariable UUID customer) {
        return new NotesBody(
                notes.of(access, customers.profile(access, customer).customer().id()));
    }

    /** @param personal whether it says anything about a person; true unless said otherwise */
    record NoteBody(@Nullable String words, @Nullable Boolean personal) {

        @Override
        public String toString() {
            return "NoteBody";
        }
    }

    @PostMapping("/notes")
    @ResponseStatus(HttpStatus.CREATED)
    IdBody addNote(
            Access access,
            @PathVariable UUID customer,
            @RequestBody NoteBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.EDIT_CUSTOMERS);
        var words = body.words();
        if (words == null) {
            throw Refused.field("words", "workbench.missing", "words");
        }
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), customer, "notes", body),
                IdBody.class,
                () -> new IdBody(notes.add(access, customer, words, body.personal() == null || body.personal())));
    }

    @DeleteMapping("/notes/{note}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void removeNote(Access access, @PathVariable UUID customer, @PathVariable UUID note) {
        notes.remove(access, customer, note);
    }

    record FilesBody(List<ProfileFiles.KeptFile> files) {}

    @GetMapping("/files")
    FilesBody files(Access access, @PathVariable UUID customer) {
        return new FilesBody(
                files.of(access, customers.profile(access, customer).customer().id()));
    }

    /**
     * PDF, PNG, JPEG, WebP, Word and Excel without macros, and text, up to 10 MB.
     *
     * @param title says what it is, and nothing about a person
     */
    @PostMapping(path = "/files", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    IdBody addFile(
            Access access,
            @PathVariable UUID customer,
            @RequestParam String title,
            @RequestParam MultipartFile file,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key)
            throws IOException {
        access.require(Capability.EDIT_CUSTOMERS);
        var content = file.getBytes();
        var name = file.getOriginalFilename();
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), customer, "files", title, Arrays.hashCode(content)),
                IdBody.class,
                () -> new IdBody(files.add(access, customer, title, name == null ? "" : name, content)));
    }

    record OpenBody(@Nullable Purpose purpose, @Nullable String reason) {}

    /** Opens it on the record, as a reveal. */
    @PostMapping("/files/{file}/content")
    ResponseEntity<byte[]> openFile(
            Access access, @PathVariable UUID customer, @PathVariable UUID file, @RequestBody OpenBody body) {
        var purpose = body.purpose();
        if (purpose == null) {
            throw Refused.field("purpose", "workbench.missing", "purpose");
        }
        return CustomerController.download(
                files.open(access, customer, file, purpose, body.reason() == null ? "" : body.reason()));
    }

    @DeleteMapping("/files/{file}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void removeFile(Access access, @PathVariable UUID customer, @PathVariable UUID file) {
        files.remove(access, customer, file);
    }

    record PeopleBody(List<Customers.CompanyMember> people) {}

    /** The contacts of a company, masked. */
    @GetMapping("/people")
    PeopleBody people(Access access, @PathVariable UUID customer) {
        return new PeopleBody(customers.people(
                access, customers.profile(access, customer).customer().id()));
    }

    record RoleBody(@Nullable String role) {}

    /** Makes a person a contact of the company, or changes as what; {@code person} is our id or the client's number. */
    @PutMapping("/people/{person}")
    IdBody join(Access access, @PathVariable UUID customer, @PathVariable String person, @RequestBody RoleBody body) {
        return new IdBody(customers.join(access, customer, person, body.role() == null ? "" : body.role()));
    }

    @DeleteMapping("/people/{person}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void leave(Access access, @PathVariable UUID customer, @PathVariable UUID person) {
        customers.leave(access, customer, person);
    }
}
