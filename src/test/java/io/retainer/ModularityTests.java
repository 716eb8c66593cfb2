package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.jmolecules.archunit.JMoleculesDddRules;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.core.VerificationOptions;
import org.springframework.modulith.docs.Documenter;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RestController;

class ModularityTests {

    static final ApplicationModules MODULES = ApplicationModules.of(Retainer.class);

    /** Without this, a package that moved would be checked by no rule at all, and the rest would stay green. */
    @Test
    void theModulesAreTheOnesWeThinkTheyAre() {
        assertThat(MODULES.stream().map(module -> module.getIdentifier().toString()))
                .containsExactlyInAnyOrder(
                        "kernel", "identity", "evidence", "document", "duty", "contract", "billing", "workbench");
    }

    @Test
    void everyModuleKeepsToItsDeclaredNeighbours() {
        var nothingSpringShowsIsPublic = ArchRuleDefinition.classes()
                .that()
                .areAnnotatedWith(Controller.class)
                .or()
                .areAnnotatedWith(RestController.class)
                .should()
                .notHaveModifier(JavaModifier.PUBLIC);
        MODULES.verify(VerificationOptions.defaults()
                .andAdditionalVerifications(JMoleculesDddRules.all(), nothingSpringShowsIsPublic));
    }

    /** A rule takes its time as an argument; only what starts work may ask a clock. */
    @Test
    void nobodyReadsTheClockOfTheMachine() {
        var classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.retainer");
        ArchRuleDefinition.noClasses()
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .orShould()
                .callMethod(java.time.OffsetDateTime.class, "now")
                .check(classes);
    }

    @Test
    void theMapIsDrawn() {
        new Documenter(MODULES).writeDocumentation();
        assertThat(java.nio.file.Path.of("target/spring-modulith-docs/components.puml"))
                .isNotEmptyFile();
    }
}
