using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Approvals;

namespace CocoonPool.Silo.Pool;

/// <summary>Proposed changes of the pool's parameters: announced to everybody, taken back by one person, made by two.</summary>
public static class ProposalEndpoints
{
    public static void MapProposals(this IEndpointRouteBuilder routes)
    {
        const string Proposals = "/api/v1/pool/parameters/proposals";
        routes.MapGet(Proposals, List).Requires(Permission.Public).WithSummary("All proposed changes of parameters, newest first.");
        routes.MapPost(Proposals, IResult () => throw ApprovalNeeded.For(ParameterChangeOperation.Name, "{\"fee_bps\":400}"))
            .Requires(Permission.Operate).WithSummary("Refuses and says where: other parameters are wanted by two people, with the approval parameter_change.");
        routes.MapDelete(Proposals + "/{id}", Cancel).Requires(Permission.Operate).WithSummary("Takes a proposal back while it waits.");
    }

    private static async Task<object> List(IGrainFactory grains, PoolSettings settings, int? limit, string? cursor) =>
        ApiJson.Page([.. (await grains.GetGrain<IPoolGrain>(settings.Id).Proposals()).Select(View)], limit, cursor);

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
        proposal.Approval,
        change = PoolParametersView.Of(PoolParametersJson.ReadChange(proposal.Change)),
    };
}
