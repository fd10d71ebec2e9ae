using System.Text.Json;
using CocoonPool.Domain.Approvals;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Approvals;

namespace CocoonPool.Silo.Pool;

/// <summary>
/// Other parameters. Carried out, it is a proposal that everybody can read, and that waits the pool's own timelock: the approval's
/// guards against one person, the proposal's gives participants the time to leave.
/// </summary>
public sealed class ParameterChangeOperation(IGrainFactory grains, PoolSettings settings) : IApprovedOperation
{
    public const string Name = "parameter_change";

    public string Kind => Name;

    public async Task<string?> Problem(string payload, CancellationToken cancellationToken)
    {
        if (Read(payload) is not { } change)
            return "payload has the parameters that change, under the names of GET /api/v1/pool/parameters, such as {\"fee_bps\":400}.";
        if (await grains.GetGrain<IPoolGrain>(settings.Id).Describe() is not { } pool)
            return "The pool is not created yet.";
        var current = PoolParametersJson.Read(pool.Parameters);
        return change.ApplyTo(current).Validate() is { Count: > 0 } mistakes ? string.Join(" ", mistakes)
            : change.IsEmptyFor(current) ? "These parameters are what they are already."
            : null;
    }

    public async Task<(bool Done, string Outcome)> Execute(Approval approval, CancellationToken cancellationToken)
    {
        var change = Read(approval.Payload) ?? throw new InvalidOperationException($"Approval {approval.Id} has a payload that was never accepted.");
        var proposed = await grains.GetGrain<IPoolGrain>(settings.Id).ProposeParameters(new(PoolParametersJson.Write(change), approval.Reason, approval.Id.ToString()));
        return proposed.Refusal is { } refusal ? (false, refusal) : (true, $"proposal {proposed.Value!.Id}");
    }

    /// <summary>Null when it is no change of parameters.</summary>
    private static ParameterChange? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize<ParameterChangeBody>(payload, ApiJson.Options)?.ToChange();
        }
        catch (Exception problem) when (problem is JsonException or FormatException)
        {
            return null;
        }
    }
}
