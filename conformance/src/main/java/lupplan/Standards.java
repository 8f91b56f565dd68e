package lupplan;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.ValidationResult;

/** veraPDF on PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1). */
final class Standards implements Judge {
    Standards() {
        VeraGreenfieldFoundryProvider.initialise();
    }

    /** The rules that the file breaks, as clause and test; none where it meets the standard. */
    @Override
    public Map<String, Object> judge(Path file) throws Exception {
        return Map.of(
                "3a", broken(file, PDFAFlavour.PDFA_3_A), "ua1", broken(file, PDFAFlavour.PDFUA_1));
    }

    private static Set<String> broken(Path file, PDFAFlavour standard) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file.toFile(), standard);
                PDFAValidator validator =
                        Foundries.defaultInstance().createValidator(standard, false)) {
            ValidationResult result = validator.validate(parser);
            Set<String> rules = new TreeSet<>();
            result.getFailedChecks()
                    .keySet()
                    .forEach(rule -> rules.add(rule.getClause() + "-" + rule.getTestNumber()));
            if (rules.isEmpty() && !result.isCompliant()) {
                rules.add("not compliant: " + result.getJobEndStatus());
            }
            return rules;
        }
    }
}
