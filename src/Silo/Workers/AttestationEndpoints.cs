using CocoonPool.Domain.Attestation;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Workers;

/// <summary>Attestations that were found wrong, by whoever verified them.</summary>
internal static class AttestationEndpoints
{
    private const int LongestEvidence = 32_768;

    /// <param name="Fault">See <see cref="AttestationFault"/>; faults that only deceit explains open a slash.</param>
    /// <param name="Reason">What was found.</param>
    /// <param name="Evidence">What the worker presented, as text such as base64.</param>
    public sealed record RejectionBody(AttestationFault? Fault, string? Reason, string? Evidence);

    public static void MapAttestation(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/workers/{id}/attestation/rejections", Reject).Requires(Permission.Operate)
            .WithSummary("Shuts a worker out because its attestation was lost or is wrong; where somebody must have deceived, a slash is opened.");

    private static async Task<object> Reject(string id, RejectionBody body, HttpContext context, IGrainFactory grains, PoolSettings settings)
    {
        if (body.Fault is not { } fault || !Enum.IsDefined(fault) || body is not { Reason: { Length: > 0 and <= 1_000 } reason, Evidence: { Length: > 0 and <= LongestEvidence } evidence })
            throw ApiException.Invalid($"fault, reason (up to 1,000 characters) and evidence (up to {LongestEvidence}) are needed, as /openapi/v1.json shows them.");
        var grain = grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(settings.Id, Names.Worker(id)));
        var worker = await grain.Describe() ?? throw ApiException.NotFound($"There is no worker '{id}'.");
        context.Audit(before: new { worker.State, worker.StateCause });
        return WorkerEndpoints.View((await grain.RejectAttestation(new(fault, reason, evidence))).OrThrow());
    }
}
