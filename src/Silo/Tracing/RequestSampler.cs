using System.Diagnostics;
using OpenTelemetry.Trace;

namespace CocoonPool.Silo.Tracing;

/// <summary>
/// Samples a share of the requests by their trace's id, whatever a client's <c>traceparent</c> says of sampling: who pays for the
/// collector decides. What the silo does of its own accord, such as booking in the background, is no request and makes no trace.
/// </summary>
public sealed class RequestSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _share = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Kind == ActivityKind.Client && samplingParameters.ParentContext.TraceId == default
            ? new(SamplingDecision.Drop)
            : _share.ShouldSample(samplingParameters);
}
