using System.Security.Cryptography;
using System.Text;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Workers;
using CocoonPool.Security.Tests.Host;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Security.Tests.Participants;

/// <summary>Receipts over HTTP: all of them in pages, each provable alone, and nobody else's.</summary>
public sealed class ReceiptTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task Receipt_AsTheWorkerSignedIt_IsProvenByItsKeyAlone()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var member = await Staked.Join(pool, 100);
        var tasks = await Record(member, key, 5);

        var proven = (await member.Http.Get($"{member.Path}/receipts/{tasks[3]}")).Body.GetProperty("data").EnumerateArray().Single();

        var hash = SHA256.HashData([0, .. Convert.FromBase64String(proven.Text("canonical"))]);
        foreach (var step in proven.GetProperty("path").EnumerateArray())
        {
            var sibling = Convert.FromHexString(step.Text("hash"));
            hash = SHA256.HashData(step.Text("side") == "left" ? [1, .. sibling, .. hash] : [1, .. hash, .. sibling]);
        }
        Convert.ToHexStringLower(hash).ShouldBe(proven.Text("batch_root"));
        byte[] signed = [.. Encoding.ASCII.GetBytes("cocoon-receipts/1\n"), .. hash];
        key.VerifyData(signed, Convert.FromBase64String(proven.Text("batch_signature")), HashAlgorithmName.SHA256)
            .ShouldBeTrue();
        Encoding.UTF8.GetString(Convert.FromBase64String(proven.Text("canonical"))).ShouldContain(tasks[3]);
    }

    [Fact]
    public async Task Receipts_ComeInPages_EachOnce_NewestFirst()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var member = await Staked.Join(pool, 100);
        var tasks = await Record(member, key, 7);

        var seen = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await member.Http.Get($"{member.Path}/receipts?limit=3{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}")).Body;
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(one => one.Text("task")));
            cursor = page.GetProperty("pagination").GetProperty("next_cursor").GetString();
        }

        seen.ShouldBe(Enumerable.Reverse(tasks));
        (await member.Http.Get($"{member.Path}/receipts?cursor=nonsense")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Receipt_OfAnother_IsNotFoundUnderOnesOwnName_AndForbiddenUnderTheirs()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (member, stranger) = (await Staked.Join(pool, 100), await Staked.Join(pool, 100));
        var task = (await Record(member, key, 1))[0];

        (await stranger.Http.Get($"{stranger.Path}/receipts/{task}")).Status.ShouldBe(404);
        (await stranger.Http.Get($"{member.Path}/receipts/{task}")).Status.ShouldBe(403);
        (await stranger.Http.Get($"{member.Path}/misconduct")).Status.ShouldBe(403);
        (await member.Http.Get($"{member.Path}/misconduct")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    /// <summary>A batch as the intake records it: signed by this key, one task a second.</summary>
    private async Task<string[]> Record(Staked member, ECDsa key, int count)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(pool.Time.GetUtcNow().ToUnixTimeMilliseconds());
        var receipts = Enumerable.Range(0, count).Select(i => new Receipt(
            new($"task_{Guid.NewGuid():n}"), new("some-worker"), TonAddress.Parse(member.Address), "m", new(5, 0, 7, 0), 61, 900, 90, TaskOutcome.Success,
            now.AddSeconds(i - count - 1), now.AddSeconds(i - count))).ToArray();
        var tree = new MerkleLevels(Array.ConvertAll(receipts, receipt => MerkleTree.LeafHash(receipt.CanonicalBytes())));
        var root = tree.Root;
        var signature = key.SignData(ReceiptSignature.SignedBytes(root), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var results = await pool.Services.GetRequiredService<IContributionStore>().Record(pool.Settings.Id, [.. receipts.Select((receipt, i) => new Contribution(
            receipt, receipt.StartedAt, receipt.Tokens, receipt.AdjustedTokens, 1_000_000, false, receipt.CanonicalBytes(), root, signature, ReceiptSignature.InclusionProof(tree, i), now))]);
        results.ShouldAllBe(result => result == ContributionResult.Recorded);
        return Array.ConvertAll(receipts, receipt => receipt.TaskId.Value);
    }
}
