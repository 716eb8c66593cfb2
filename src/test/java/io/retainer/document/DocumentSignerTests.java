package io.retainer.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import org.apache.pdfbox.Loader;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The signature inside the file, checked as a PDF reader does: over the byte range, with the certificate it carries. */
class DocumentSignerTests {

    private static final Instant NOW = Instant.parse("2025-01-02T03:04:05Z");

    @TempDir
    Path folder;

    @Test
    void aReaderSeesWhoSignedAndThatNothingWasChanged() throws Exception {
        var signer = signer();
        var plain = Paper.chinese("合同").title().paragraph("第一条。").pdf();

        var signed = signer.sign(plain, "SHA-256 abc", NOW);

        Files.createDirectories(Path.of("target/papers"));
        Files.write(Path.of("target/papers/signed.pdf"), signed);
        assertThat(signed).startsWith(plain);
        try (var document = Loader.loadPDF(signed)) {
            var signature = document.getLastSignatureDictionary();
            assertThat(signature.getSubFilter()).isEqualTo("ETSI.CAdES.detached");
            assertThat(signature.getReason()).isEqualTo("SHA-256 abc");
            assertThat(signature.getSignDate().toInstant()).isEqualTo(NOW);
            int[] range = signature.getByteRange();
            assertThat(range[0]).isZero();
            assertThat(range[2] + range[3]).as("the whole file is covered").isEqualTo(signed.length);
        }
        assertThat(verifies(signed, signer)).isTrue();
        for (int at : new int[] {200, plain.length / 2, plain.length - 20}) {
            var tampered = signed.clone();
            tampered[at] ^= 1;
            assertThat(verifies(tampered, signed, signer)).as("byte %d", at).isFalse();
        }
    }

    @Test
    void theKeyIsMadeOnceAndOnlyItsOwnerReadsIt() throws Exception {
        var certificate = signer().certificate();

        assertThat(signer().certificate()).isEqualTo(certificate);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("document.key"))))
                .isEqualTo("rw-------");
        assertThat(certificate.getNotAfter().toInstant()).isAfter(NOW.plus(Duration.ofDays(3600)));
        Files.writeString(folder.resolve("document.key"), "nonsense");
        assertThatIllegalStateException()
                .isThrownBy(() -> signer().certificate())
                .withMessageContaining("document.key")
                .withMessageContaining("backup");
    }

    /** A provider's own key from an authority is RSA more often than not, as were those made by earlier versions. */
    @Test
    void signsWithAnRsaKeyThatIsThere() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        var subject = new X500Name("CN=An authority's");
        var certificate = new JcaX509v3CertificateBuilder(
                        subject,
                        BigInteger.ONE,
                        Date.from(NOW),
                        Date.from(NOW.plus(Duration.ofDays(1))),
                        subject,
                        pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()));
        var text = new StringWriter();
        try (var pem = new JcaPEMWriter(text)) {
            pem.writeObject(new JcaPKCS8Generator(pair.getPrivate(), null));
            pem.writeObject(certificate);
        }
        Files.writeString(folder.resolve("document.key"), text.toString());
        var signer = signer();

        var signed = signer.sign(Paper.chinese("合同").title().paragraph("第一条。").pdf(), "SHA-256 abc", NOW);

        assertThat(verifies(signed, signer)).isTrue();
        assertThat(signer.certificate().getPublicKey()).isEqualTo(pair.getPublic());
    }

    private DocumentSigner signer() {
        return new DocumentSigner(folder.resolve("document.key"), "Retainer", Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static boolean verifies(byte[] pdf, DocumentSigner signer) throws Exception {
        return verifies(pdf, pdf, signer);
    }

    /** @param structure whose byte range is used, so that a broken file is judged as a whole one would be */
    private static boolean verifies(byte[] pdf, byte[] structure, DocumentSigner signer) throws Exception {
        try (var document = Loader.loadPDF(structure)) {
            var signature = document.getLastSignatureDictionary();
            var content = signature.getSignedContent(new ByteArrayInputStream(pdf));
            // The place for the signature is padded with zeros.
            var padded = signature.getContents(structure);
            byte[] encoded;
            try (var in = new ASN1InputStream(padded)) {
                encoded = in.readObject().getEncoded();
            }
            assertThat(encoded[1] & 0xFF).as("DER, as PAdES wants").isNotEqualTo(0x80);
            var cms = new CMSSignedData(new CMSProcessableByteArray(content), encoded);
            var info = cms.getSignerInfos().getSigners().iterator().next();
            assertThat(info.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_signingCertificateV2))
                    .isNotNull();
            assertThat(info.getSignedAttributes().get(PKCSObjectIdentifiers.pkcs_9_at_signingTime))
                    .isNull();
            @SuppressWarnings("unchecked") // the selector of a signer is a raw one
            var wanted = (Selector<X509CertificateHolder>) info.getSID();
            var holder = cms.getCertificates().getMatches(wanted).iterator().next();
            assertThat(holder.getEncoded()).isEqualTo(signer.certificate().getEncoded());
            try {
                return info.verify(new JcaSimpleSignerInfoVerifierBuilder().build(holder));
            } catch (CMSException broken) {
                return false;
            }
        }
    }
}
