using CocoonPool.Domain.Routing;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Tests.Host;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CocoonPool.Grains.Tests.Routing;

/// <summary>A silo's copy of the routing table, over real grains and tables.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public async Task Offers_CarryTheReputationOfTheirParticipants_AndTheWeightedPolicyGoesByIt()
    {
        await using var host = await PoolHost.Start();
        using var good = await Member.Join(host, 1);
        using var usual = await Member.Join(host, 2);
        await using (var change = host.Get<NpgsqlDataSource>().CreateCommand($"update participants set reputation = 900 where address = '{good.Address}'"))
            await change.ExecuteNonQueryAsync();
        using var snapshot = new RoutingSnapshot(
            host.Grains, host.Get<IWorkerDirectory>(), host.Get<IParticipantDirectory>(), new PoolSettings { Id = PoolHost.PoolId }, host.Time, NullLogger<RoutingSnapshot>.Instance);
        await snapshot.Refresh();
        Reputations().ShouldBe([500, 500]);

        await snapshot.ReadReputations(CancellationToken.None);
        await snapshot.Refresh();

        Reputations().ShouldBe([900, 500]);
        var now = host.Time.GetUtcNow() + TimeSpan.FromMinutes(5);
        var scores = snapshot.Offers(Member.Model).ToDictionary(o => o.Route.Worker, o => RoutingPolicies.Find("weighted")!.Score(o.Candidate(now), default));
        scores[good.WorkerId].ShouldBeLessThan(scores[usual.WorkerId]);

        int[] Reputations() => [Of(good), Of(usual)];

        int Of(Member member) => snapshot.Offers(Member.Model).Single(o => o.Route.Worker == member.WorkerId).Candidate(host.Time.GetUtcNow()).ReputationPermille;
    }
}
