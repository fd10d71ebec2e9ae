using System.Diagnostics;
using System.Diagnostics.Metrics;
using CocoonPool.Domain.Contributions;

namespace CocoonPool.Silo.Metrics;

/// <summary>What the gateway measures of every request. Meter <c>CocoonPool</c>; seconds and counts, names as OpenTelemetry has them.</summary>
public sealed class InferenceMetrics
{
    public const string MeterName = "CocoonPool";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _tokens;
    private readonly Histogram<double> _latency;
    private readonly Histogram<double> _firstToken;
    private readonly UpDownCounter<long> _running;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _openings;

    public InferenceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("inference_requests", description: "Inference requests by model and outcome.");
        _tokens = meter.CreateCounter<long>("inference_tokens", description: "Completion tokens that the gateway passed on.");
        _latency = meter.CreateHistogram<double>("inference_latency", "s", "From the request to the end of its answer.");
        _firstToken = meter.CreateHistogram<double>("inference_time_to_first_token", "s", "From the request to its first token.");
        _running = meter.CreateUpDownCounter<long>("inference_running", description: "Requests under way.");
        _retries = meter.CreateCounter<long>("inference_retries", description: "Requests given to another worker after one had failed.");
        _hedges = meter.CreateCounter<long>("inference_hedges", description: "Requests given to a second worker because the first was slow.");
        _faults = meter.CreateCounter<long>("worker_faults", description: "Requests that a worker failed, by cause.");
        _openings = meter.CreateCounter<long>("breaker_openings", description: "Workers taken out because too many of their requests failed.");
    }

    public void Retried() => _retries.Add(1);

    public void Hedged() => _hedges.Add(1);

    public void BreakerOpened() => _openings.Add(1);

    /// <param name="code">Causes that the pool knows are told apart; what agents invent is not, or every word would become a series.</param>
    public void WorkerFault(string code) =>
        _faults.Add(1, new KeyValuePair<string, object?>("cause", code is "worker_lost" or "worker_silent" or "backend_unreachable" or "backend_error" or "backend_garbage" ? code : "other"));

    public Measurement Begin(string model) => new(this, model);

    /// <summary>One request from its start to its end; disposing it without an end counts it as the worker's failure.</summary>
    public sealed class Measurement : IDisposable
    {
        private readonly InferenceMetrics _metrics;
        private readonly KeyValuePair<string, object?> _model;
        private readonly long _start = Stopwatch.GetTimestamp();
        private bool _sawToken;
        private bool _ended;

        internal Measurement(InferenceMetrics metrics, string model)
        {
            _metrics = metrics;
            _model = new("model", model);
            metrics._running.Add(1, _model);
        }

        public void Token(int count)
        {
            if (!_sawToken)
                _metrics._firstToken.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, _model);
            _sawToken = true;
            _metrics._tokens.Add(count, _model);
        }

        public void End(TaskOutcome outcome)
        {
            if (_ended)
                return;
            _ended = true;
            _metrics._running.Add(-1, _model);
            _metrics._requests.Add(1, _model, new("outcome", outcome.ToWord()));
            _metrics._latency.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, _model);
        }

        public void Dispose() => End(TaskOutcome.WorkerFault);
    }
}
