namespace CocoonPool.Client.Agent.Configuration;

/// <summary>The commented file that <c>init</c> writes. A test reads it back, so that comments and reader stay together.</summary>
internal static class ConfigurationTemplate
{
    public static string Write(string poolUrl, string participant, string model, string backendUrl) => $"""
        # The worker agent's only file. Relative paths are relative to this file. `cocoon-worker check` examines everything here.
        worker:
          # The pool. Use https:// unless the pool runs on this machine. A pool of several servers: [https://a.example, https://b.example].
          pool_url: {Quoted(poolUrl)}
          # Plain http:// to another machine is refused, unless the way there is encrypted otherwise (a VPN, a tunnel):
          # allow_plain_http: true
          # Inside the network of a pool's own cluster only: the stream to the pool as grain calls to the silos' gateways, with mutual TLS.
          # transport: orleans
          # gateways: ["10.0.0.5:30000", "10.0.0.6:30000"]
          # tls: {"{"} certificate_file: agent.crt, key_file: agent.key, authority_file: cluster-ca.crt {"}"}
          # The TON address that earns for this worker, in any TON form.
          participant_address: {Quoted(participant)}
          # 3 to 64 of a-z 0-9 . _ -. Without it, a name is derived from the worker's key.
          # worker_id: my-worker
          # Your price: 1000 is 1.0 times the pool's price per token (100 to 10000).
          coefficient: 1000
          # The GPUs that this worker brings to the pool, by index. They decide the stake that is needed.
          gpu_devices: [0]
          # Where the machine stands; clients may ask for a region.
          region: "local"
          # A file with the participant's API key (ck_...), readable by you only. The agent registers and activates the worker
          # with it. Leave it out when the operator registers the worker.
          participant_key_file: participant.key
          # The worker's key and the receipts that the pool has not acknowledged yet. One directory per worker.
          state_dir: state

        models:
            # The name that the pool knows the model by.
          - name: {Quoted(model)}
            # Any OpenAI-compatible server (vLLM, SGLang, llama.cpp, Ollama), such as http://127.0.0.1:8000.
            # demo: is a small built-in text generator for trying the pool without a GPU; demo:?token_ms=3 sets its pace.
            backend_url: {Quoted(backendUrl)}
            # The model's name at that server, when it has another one there.
            # backend_model: org/model
            # How many requests may run at once, and the longest context in tokens.
            max_concurrency: 4
            max_context_length: 4096

        tee:
          # none, or intel-tdx inside a trust domain.
          type: none
          # A program that prints a quote for the report data it is given.
          # quote_command: /usr/local/bin/quote

        cocoon:
          # The HTTP port of a Cocoon worker on this machine, if there is one.
          # stats_url: http://127.0.0.1:12000

        monitoring:
          # Status, metrics and drain on 127.0.0.1; 0 switches them off.
          metrics_port: 9477
          # The pool says how often; a shorter time may be set here.
          # heartbeat_interval: 30s
          # Your OpenTelemetry collector (OTLP over HTTP): your part of the requests that the pool traces.
          # traces_url: http://127.0.0.1:4318

        """;

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
