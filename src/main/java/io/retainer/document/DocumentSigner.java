package io.retainer.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSAttributeTableGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Signs PDFs (PAdES baseline B: a CMS signature with the signing certificate bound in, over all bytes of the file), so
 * that any reader shows who issued the file and whether it was changed since. The key is the platform's own, made on the
 * first start and kept in a file that only its owner can read; it attests that the platform issued the document, it is not
 * the signature of a party.
 */
@Component
public class DocumentSigner {

    private static final Logger log = LoggerFactory.getLogger(DocumentSigner.class);

    /** Made in milliseconds, within the request that signs first; an RSA key of the same strength takes seconds. */
    private static final ECGenParameterSpec CURVE = new ECGenParameterSpec("secp256r1");

    private static final Duration LIFE = Duration.ofDays(3653);
    private static final int SIGNATURE_BYTES = 12 * 1024;

    private record Identity(PrivateKey key, X509Certificate certificate) {

        String algorithm() {
            return algorithm(key);
        }

        static String algorithm(PrivateKey key) {
            return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        }
    }

    private final Path file;
    private final String name;
    private final Clock clock;
    private @Nullable Identity identity;

    DocumentSigner(
            @Value("${retainer.document.key:${retainer.data:./data}/document.key}") Path file,
            @Value("${retainer.document.signer:Retainer}") String name,
            Clock clock) {
        this.file = file;
        this.name = name;
        this.clock = clock;
    }

    /**
     * @param reason why, as a PDF reader shows it, such as the version hash of the contract
     * @param signedAt the moment the signature claims
     * @throws IllegalStateException when the key file cannot be used, saying how to put it right
     */
    public byte[] sign(byte[] pdf, String reason, Instant signedAt) {
        var own = identity();
        try (var document = Loader.loadPDF(pdf);
                var options = new SignatureOptions()) {
            var signature = new PDSignature();
            signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
            signature.setSubFilter(COSName.getPDFName("ETSI.CAdES.detached"));
            signature.setName(name);
            signature.setReason(reason);
            var time = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
            time.setTimeInMillis(signedAt.toEpochMilli());
            time.clear(Calendar.MILLISECOND);
            signature.setSignDate(time);
            options.setPreferredSignatureSize(SIGNATURE_BYTES);
            document.addSignature(signature, content -> cms(own, content.readAllBytes()), options);
            var out = new ByteArrayOutputStream(pdf.length + 3 * SIGNATURE_BYTES);
            document.saveIncremental(out);
            return out.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The certificate a reader may be told to trust. */
    public X509Certificate certificate() {
        return identity().certificate();
    }

    private static byte[] cms(Identity own, byte[] content) throws IOException {
        try {
            var generator = new CMSSignedDataGenerator();
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(own.certificate().getEncoded());
            // PAdES: the certificate is signed too, and the time stands in the signature dictionary alone.
            CMSAttributeTableGenerator attributes = parameters -> {
                AttributeTable usual = new DefaultSignedAttributeTableGenerator().getAttributes(parameters);
                var all = new ASN1EncodableVector();
                var given = usual.remove(PKCSObjectIdentifiers.pkcs_9_at_signingTime)
                        .toASN1EncodableVector();
                for (int i = 0; i < given.size(); i++) {
                    all.add(given.get(i));
                }
                all.add(new Attribute(
                        PKCSObjectIdentifiers.id_aa_signingCertificateV2,
                        new DERSet(new SigningCertificateV2(new ESSCertIDv2(digest)))));
                return new AttributeTable(all);
            };
            generator.addSignerInfoGenerator(
                    new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                            .setSignedAttributeGenerator(attributes)
                            .build(new JcaContentSignerBuilder(own.algorithm()).build(own.key()), own.certificate()));
            generator.addCertificates(new JcaCertStore(List.of(own.certificate())));
            return generator
                    .generate(new CMSProcessableByteArray(content), false)
                    .getEncoded(ASN1Encoding.DER);
        } catch (GeneralSecurityException | OperatorCreationException | CMSException impossible) {
            throw new IOException(impossible);
        }
    }

    private synchronized Identity identity() {
        var known = identity;
        if (known == null) {
            try {
                if (!Files.exists(file)) {
                    create();
                }
                known = read();
            } catch (IOException | GeneralSecurityException | OperatorCreationException unusable) {
                throw new IllegalStateException(
                        "Documents cannot be signed with " + file.toAbsolutePath()
                                + ": it must hold a PRIVATE KEY and its CERTIFICATE in PEM. Put the backup back, or move the file away to have a new key made.",
                        unusable);
            }
            identity = known;
        }
        return known;
    }

    private void create() throws IOException, GeneralSecurityException, OperatorCreationException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(CURVE);
        var pair = generator.generateKeyPair();
        var now = clock.instant();
        var subject = new X500Name("CN=" + name.replaceAll("[^\\p{L}\\p{N} .-]", "") + " documents");
        var builder = new JcaX509v3CertificateBuilder(
                        subject,
                        new BigInteger(127, new SecureRandom()),
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(LIFE)),
                        subject,
                        pair.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(
                        Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
        var certificate = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(Identity.algorithm(pair.getPrivate()))
                        .build(pair.getPrivate())));
        var text = new StringWriter();
        try (var pem = new JcaPEMWriter(text)) {
            pem.writeObject(new JcaPKCS8Generator(pair.getPrivate(), null));
            pem.writeObject(certificate);
        }
        var folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var onlyOwner = folder != null && Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (var channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), onlyOwner)) {
            channel.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII)));
        } catch (FileAlreadyExistsException another) {
            return; // an instance starting beside this one was faster
        }
        log.warn(
                "A key to sign documents was made: {}. Keep it with the backup. SHA-256 of its certificate, to give to readers: {}",
                file.toAbsolutePath(),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
    }

    private Identity read() throws IOException, GeneralSecurityException {
        PrivateKey key = null;
        X509Certificate certificate = null;
        try (var pem = new PEMParser(new StringReader(Files.readString(file, StandardCharsets.US_ASCII)))) {
            for (var found = pem.readObject(); found != null; found = pem.readObject()) {
                if (found instanceof PrivateKeyInfo info) {
                    key = new JcaPEMKeyConverter().getPrivateKey(info);
                } else if (found instanceof X509CertificateHolder holder) {
                    certificate = new JcaX509CertificateConverter().getCertificate(holder);
                }
            }
        }
        if (key == null || certificate == null) {
            throw new IOException("the key or its certificate is missing");
        }
        var probe = java.security.Signature.getInstance(Identity.algorithm(key));
        probe.initSign(key);
        probe.update((byte) 1);
        var signed = probe.sign();
        probe.initVerify(certificate);
        probe.update((byte) 1);
        if (!probe.verify(signed)) {
            throw new GeneralSecurityException("the key does not fit the certificate");
        }
        return new Identity(key, certificate);
    }
}
