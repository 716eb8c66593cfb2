/** Makes documents that print the same everywhere: PDF from pages, DOCX from paragraphs and tables. Knows no contract. */
@ApplicationModule(
        displayName = "Document",
        allowedDependencies = {})
@NullMarked
package io.retainer.document;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
