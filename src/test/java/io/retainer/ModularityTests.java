package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.retainer.vault.Personal;
import io.retainer.vault.Processing;
import io.retainer.vault.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jmolecules.archunit.JMoleculesDddRules;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.core.VerificationOptions;
import org.springframework.modulith.docs.Documenter;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

class ModularityTests {

    static final ApplicationModules MODULES = ApplicationModules.of(Retainer.class);

    /** Without this, a package that moved would be checked by no rule at all, and the rest would stay green. */
    @Test
    void theModulesAreTheOnesWeThinkTheyAre() {
        assertThat(MODULES.stream().map(module -> module.getIdentifier().toString()))
                .containsExactlyInAnyOrder(
                        "kernel",
                        "identity",
                        "evidence",
                        "vault",
                        "document",
                        "duty",
                        "contract",
                        "billing",
                        "liability",
                        "customer",
                        "complaint",
                        "matching",
                        "statistics",
                        "text",
                        "messaging",
                        "workorder",
                        "relationship",
                        "workbench");
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

    /** Whoever else needs a value in the clear is named here, with the reason. */
    @Test
    void PII_8_onlyTheVaultDecrypts() {
        var classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.retainer");
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackage("io.retainer.vault..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.crypto.tink..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("javax.crypto.Cipher")
                .check(classes);
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackage("io.retainer.vault..")
                .and()
                // Two show what was revealed to a person, one reads an uploaded file back, one compares customers in
                // memory, three keep what a merge replaces and seal it anew, one writes the lists that were permitted,
                // one recognises where addresses from before are,
                // one hands a message its address;
                // of complaints, one opens the words of a
                // case for those who work on it and for the mail to the complainant, two show what was revealed; of
                // contracts, one hands a mail its address, one shows a party the paper by which the other signed.
                .haveNameNotMatching("io\\.retainer\\.(customer\\."
                        + "(CustomerController|CustomerApi|ImportFiles|MatchingRecords|Merge(s|dPeople|dValues)|OwnFields|Exports"
                        + "|Delivery|RegionFilling)"
                        + "|complaint\\.(CaseWords|ComplaintController|ComplaintApi)"
                        + "|contract\\.(SigningContacts|AuthorityPapers))(\\$.*)?")
                .and()
                // Hands the files of a work order back as they came.
                .doNotHaveFullyQualifiedName("io.retainer.workorder.Attachments")
                .and()
                // Shows what was revealed to a person.
                .doNotHaveFullyQualifiedName("io.retainer.relationship.RelationController")
                .and()
                // Opens what is to be done for those who are to do it.
                .doNotHaveFullyQualifiedName("io.retainer.relationship.TaskWords")
                .should()
                .callMethod(Personal.class, "inTheClear")
                .orShould()
                .callMethod(Vault.class, "processing", UUID.class, Processing.class)
                .check(classes);
    }

    /**
     * The start reads the order of migrations from this list instead of analysing every class, which took it three times
     * as long.
     */
    @Test
    void theListOfModulesTheStartReadsIsTrue() throws java.io.IOException {
        List<String> listed;
        try (var list = getClass().getResourceAsStream("/META-INF/spring-modulith/application-modules.json")) {
            listed = new ArrayList<>(JsonMapper.shared().readTree(list).propertyNames());
        }
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(MODULES.stream()
                        .map(module -> module.getIdentifier().toString())
                        .toList());
        for (var module : MODULES) {
            var name = module.getIdentifier().toString();
            module.getDirectDependencies(MODULES)
                    .uniqueModules()
                    .map(needed -> needed.getIdentifier().toString())
                    .forEach(needed -> assertThat(listed.indexOf(needed))
                            .as("%s stands before %s, which needs it", needed, name)
                            .isLessThan(listed.indexOf(name)));
        }
    }

    /**
     * Not {@code writeDocumentation()}: that leaves a list of modules beside the classes, from which the next start would
     * take the modules to migrate, however old it is.
     */
    @Test
    void theMapIsDrawn() {
        new Documenter(MODULES)
                .writeModulesAsPlantUml()
                .writeIndividualModulesAsPlantUml()
                .writeModuleCanvases()
                .writeAggregatingDocument();
        assertThat(java.nio.file.Path.of("target/spring-modulith-docs/components.puml"))
                .isNotEmptyFile();
    }
}
