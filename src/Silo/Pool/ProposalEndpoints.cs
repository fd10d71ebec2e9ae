using System.Collections.Immutable;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Pool;

/// <summary>Proposed changes of the pool's parameters.</summary>
public static class ProposalEndpoints
{
    public sealed record WeightsBody(int Tokens, int Uptime, int Tasks, int Quality);

    public sealed record MultipliersBody(int Prompt, int Cached, int Completion, int Reasoning);

    /// <summary>The parameters under the names of <c>GET /api/v1/pool/parameters</c>; what is left out stays.</summary>
    public sealed record ProposalBody(
        string Reason,
        int? FeeBps = null,
        Nanotons[]? StakeTiersNano = null,
        int? MaxParticipants = null,
        long? EpochDurationSeconds = null,
        long? ParameterTimelockSeconds = null,
        long? WithdrawalDelaySeconds = null,
        long? HeartbeatIntervalMs = null,
        long? HeartbeatTimeoutMs = null,
        int? MinUptimeBps = null,
        Nanotons? MinPayoutNano = null,
        WeightsBody? WeightsBps = null,
        int? MaxConcentrationBps = null,
        bool? EnforceConcentration = null,
        MultipliersBody? TokenMultipliers = null)
    {
        public ParameterChange ToChange() => new()
        {
            FeeBps = FeeBps,
            StakeTiers = StakeTiersNano?.ToImmutableArray(),
            MaxParticipants = MaxParticipants,
            EpochDuration = Seconds(EpochDurationSeconds),
            ParameterTimelock = Seconds(ParameterTimelockSeconds),
            WithdrawalDelay = Seconds(WithdrawalDelaySeconds),
            HeartbeatInterval = Milliseconds(HeartbeatIntervalMs),
            HeartbeatTimeout = Milliseconds(HeartbeatTimeoutMs),
            MinUptimeBps = MinUptimeBps,
            MinPayout = MinPayoutNano,
            Weights = WeightsBps is { } w ? new ScoreWeights(w.Tokens, w.Uptime, w.Tasks, w.Quality) : null,
            MaxConcentrationBps = MaxConcentrationBps,
            EnforceConcentration = EnforceConcentration,
            Multipliers = TokenMultipliers is { } m ? new TokenMultipliers(m.Prompt, m.Cached, m.Completion, m.Reasoning) : null,
        };

        // A year is beyond every bound and far from overflowing; the validator then names the bound.
        private static TimeSpan? Seconds(long? value) => Milliseconds(value is { } seconds ? Math.Clamp(seconds, -1, 31_536_000) * 1000 : null);

        private static TimeSpan? Milliseconds(long? value) => value is { } milliseconds ? TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, -1, 31_536_000_000)) : null;
    }

    public static void MapProposals(this IEndpointRouteBuilder routes)
    {
        const string Proposals = "/api/v1/pool/parameters/proposals";
        routes.MapGet(Proposals, List).Requires(Permission.Public).WithSummary("All proposed changes of parameters, newest first.");
        routes.MapPost(Proposals, Propose).Requires(Permission.Operate).WithSummary("Proposes other parameters; they apply after the timelock.");
        routes.MapDelete(Proposals + "/{id}", Cancel).Requires(Permission.Operate).WithSummary("Takes a proposal back while it waits.");
    }

    private static async Task<object> List(IGrainFactory grains, PoolSettings settings, int? limit, string? cursor) =>
        ApiJson.Page([.. (await grains.GetGrain<IPoolGrain>(settings.Id).Proposals()).Select(View)], limit, cursor);

    private static async Task<IResult> Propose(ProposalBody body, IGrainFactory grains, PoolSettings settings)
    {
        var reason = new ReasonBody(body.Reason).Checked();
        var proposed = await grains.GetGrain<IPoolGrain>(settings.Id).ProposeParameters(new(PoolParametersJson.Write(body.ToChange()), reason));
        return Results.Json(View(proposed.OrThrow()), ApiJson.Options, statusCode: 201);
    }

    private static async Task<object> Cancel(string id, IGrainFactory grains, PoolSettings settings) =>
        View((await grains.GetGrain<IPoolGrain>(settings.Id).CancelProposal(id)).OrThrow());

    private static object View(ProposalDescription proposal) => new
    {
        proposal.Id,
        proposal.State,
        proposal.Reason,
        proposal.ProposedAt,
        proposal.AppliesAt,
        proposal.EndedAt,
        change = PoolParametersView.Of(PoolParametersJson.ReadChange(proposal.Change)),
    };
}
