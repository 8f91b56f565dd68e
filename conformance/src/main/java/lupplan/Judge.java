package lupplan;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says what an outside judge thinks of PDFs: a JSON object for each file, one a line.
 *
 * <p>Arguments: {@code standards} or {@code signatures}; {@code --trust FILE} (PEM or DER, as often
 * as wanted) for whose certificates to believe; the files. Over a file that a judge can't read it
 * says why, under "error".
 */
interface Judge {
    /** What it says of the file, by the names under which that is shown. */
    Map<String, Object> judge(Path file) throws Exception;

    static void main(String[] arguments) throws Exception {
        List<Path> trusted = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        for (int place = 1; place < arguments.length; place++) {
            if (arguments[place].equals("--trust")) {
                place++;
                trusted.add(Path.of(arguments[place]));
            } else {
                files.add(Path.of(arguments[place]));
            }
        }
        Judge judge =
                switch (arguments[0]) {
                    case "standards" -> new Standards();
                    case "signatures" -> new Signatures(trusted);
                    default -> throw new IllegalArgumentException(arguments[0]);
                };
        ObjectMapper json = new ObjectMapper();
        for (Path file : files) {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("file", file.getFileName().toString());
            try {
                said.putAll(judge.judge(file));
            } catch (Exception | StackOverflowError error) {
                said.put("error", error.toString());
            }
            System.out.println(json.writeValueAsString(said));
        }
    }
}
