import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;

/**
 * The sandbox of Huawei Cloud Workspace on a free port, until it is closed.
 *
 * <p>With JUnit 5: {@code @BeforeAll static void start() throws IOException { sandbox = Sandbox.start(); }} and
 * {@code @AfterAll static void stop() throws Exception { sandbox.close(); }}.
 */
public final class Sandbox implements AutoCloseable {
    private final Process process;
    private final URI url;

    private Sandbox(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** Starts the sandbox, and waits for its first line, which is its base URL. */
    public static Sandbox start() throws IOException {
        Process process = new ProcessBuilder("workspace", "sandbox", "--listen", "127.0.0.1:0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String first = process.inputReader().readLine();
        if (first == null) {
            throw new IOException("the sandbox did not start");
        }
        return new Sandbox(process, URI.create(first));
    }

    public URI url() {
        return url;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** Calls the sandbox as a client would: {@code java Sandbox.java}. */
    public static void main(String[] arguments) throws Exception {
        try (Sandbox sandbox = Sandbox.start()) {
            URI records = sandbox.url().resolve("/v2/0bec5db98280d2d02fd6c00c2de791ce/desktops/"
                    + "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001/detach-info");
            HttpRequest request = HttpRequest.newBuilder(records).header("X-Auth-Token", "sandbox-token").build();
            var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(response.body());
            }
            System.out.println(response.body());
        }
    }
}
