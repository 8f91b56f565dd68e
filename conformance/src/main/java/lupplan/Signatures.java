package lupplan;

import eu.europa.esig.dss.diagnostic.PDFRevisionWrapper;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.jaxb.XmlObjectModification;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.pdf.IPdfObjFactory;
import eu.europa.esig.dss.pdf.ServiceLoaderPdfObjFactory;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.reports.Reports;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** DSS on each signature: ETSI EN 319 102-1, over what the file itself holds. */
final class Signatures implements Judge {
    /** A longer document's pages aren't compared as pictures, which takes seconds a page. */
    private static final int MOST_PAGES_TO_LOOK_AT = 20;

    private final CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();

    Signatures(List<Path> certificates) {
        for (Path certificate : certificates) {
            trusted.addCertificate(DSSUtils.loadCertificate(certificate.toFile()));
        }
    }

    @Override
    public Map<String, Object> judge(Path file) {
        PDFDocumentValidator validator = new PDFDocumentValidator(new FileDocument(file.toFile()));
        // No source of certificates or revocations: nothing is fetched.
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        validator.setCertificateVerifier(verifier);
        validator.setPdfObjFactory(lookingAtPages());
        Reports reports = validator.validateDocument();
        List<Map<String, Object>> found = new ArrayList<>();
        for (SignatureWrapper signature : reports.getDiagnosticData().getSignatures()) {
            found.add(verdict(signature, reports.getSimpleReport()));
        }
        return Map.of("signatures", found);
    }

    private static IPdfObjFactory lookingAtPages() {
        DefaultPdfDifferencesFinder finder = new DefaultPdfDifferencesFinder();
        finder.setMaximalPagesAmountForVisualComparison(MOST_PAGES_TO_LOOK_AT);
        IPdfObjFactory factory = new ServiceLoaderPdfObjFactory();
        factory.setPdfDifferencesFinder(finder);
        return factory;
    }

    private static Map<String, Object> verdict(SignatureWrapper signature, SimpleReport report) {
        String id = signature.getId();
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("field", signature.getFirstFieldName());
        said.put("format", String.valueOf(report.getSignatureFormat(id)));
        said.put("indication", String.valueOf(report.getIndication(id)));
        said.put("sub_indication", String.valueOf(report.getSubIndication(id)));
        said.put("intact", signature.isSignatureIntact() && signature.isSignatureValid());
        said.put("permits", String.valueOf(signature.getDocMDPPermissions()));
        said.put("errors", messages(report, id));
        PDFRevisionWrapper revision = signature.getPDFRevision();
        said.put("looks_changed", seen(revision));
        // Objects that changed after the signature, but for what DSS takes for signatures, forms
        // filled in, and long-term data.
        List<String> changed = new ArrayList<>(values(revision.getPdfAnnotationChanges()));
        changed.addAll(values(revision.getPdfUndefinedChanges()));
        said.put("changed", changed);
        return said;
    }

    private static List<String> messages(SimpleReport report, String id) {
        return report.getAdESValidationErrors(id).stream().map(error -> error.getValue()).toList();
    }

    /** What a reader could see of a change after the signature. */
    private static List<String> seen(PDFRevisionWrapper revision) {
        List<String> seen = new ArrayList<>();
        for (BigInteger page : revision.getPdfAnnotationsOverlapConcernedPages()) {
            seen.add("annotations overlap on page " + page);
        }
        for (BigInteger page : revision.getPdfVisualDifferenceConcernedPages()) {
            seen.add("page " + page + " looks different");
        }
        for (BigInteger page : revision.getPdfPageDifferenceConcernedPages()) {
            seen.add("page " + page + " came or went");
        }
        return seen;
    }

    private static List<String> values(List<XmlObjectModification> modifications) {
        return modifications.stream().map(XmlObjectModification::getValue).toList();
    }
}
