using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;

namespace CocoonPool.Client.Launcher.Demo;

/// <summary>What a member did and got, as the pool tells it.</summary>
public sealed record MemberOutcome(DemoMember Member, TallyView Tally, BigInteger Weight, EarningLine Earning);

/// <summary>The demo's result for people.</summary>
public sealed record DemoOutcome(IReadOnlyList<MemberOutcome> Members)
{
    public static async Task<DemoOutcome> Read(PoolClient client, byte[] bundle, IReadOnlyList<DemoMember> members, long epoch, CancellationToken cancel)
    {
        using var document = JsonDocument.Parse(bundle);
        var weights = document.RootElement.GetProperty("participants").EnumerateArray().ToDictionary(
            p => p.GetProperty("address").GetString()!,
            p => BigInteger.Parse(p.GetProperty("weight").GetString()!, CultureInfo.InvariantCulture),
            StringComparer.Ordinal);
        var tallies = await client.Tallies(epoch, cancel);
        var outcomes = new List<MemberOutcome>();
        foreach (var member in members)
        {
            var earnings = await client.Earnings(member.Wallet.Address, cancel);
            outcomes.Add(new(
                member,
                tallies.Single(t => t.Participant == member.Wallet.Address),
                weights[member.Wallet.Address],
                earnings.History.Single(h => h.Epoch == epoch)));
        }
        return new(outcomes);
    }

    public TextTable Table()
    {
        var table = new TextTable(
            new("participant"), new("wallet"), new("tasks", true), new("tokens", true), new("GPU-seconds", true), new("score", true),
            new("share, TON", true), new("paid, TON", true), new("transaction"));
        var all = Members.Aggregate(BigInteger.Zero, (sum, m) => sum + m.Weight);
        foreach (var (member, tally, weight, earning) in Members)
        {
            table.Add(
                member.Name, Short(member.Wallet.Friendly), $"{tally.Tasks}", $"{tally.Tokens}", Seconds(long.Parse(tally.GpuMilliseconds, CultureInfo.InvariantCulture)),
                Percent(weight, all), Ton.Show(Ton.Parse(earning.ShareNano)), Ton.Show(Ton.Parse(earning.PaidNano)), earning.Transaction ?? "-");
        }
        return table;
    }

    private static string Seconds(long milliseconds) => $"{milliseconds / 1000}.{milliseconds % 1000:D3}";

    /// <summary>The part of the whole in percent with two decimals, cut off: a score is not money, and rounding it would hide small ones.</summary>
    private static string Percent(BigInteger part, BigInteger whole)
    {
        if (whole.IsZero)
            return "-";
        var hundredths = (int)(part * 10_000 / whole);
        return $"{hundredths / 100}.{hundredths % 100:D2} %";
    }

    private static string Short(string address) => $"{address[..6]}…{address[^4..]}";
}
