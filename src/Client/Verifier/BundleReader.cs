using System.Collections.Immutable;
using System.Text.Json;

namespace CocoonPool.Verifier;

/// <summary>Reads the claims out of a bundle and refuses whatever could not have come out of a pool.</summary>
internal static class BundleReader
{
    private const string Format = "cocoon-pool-epoch-bundle/3";

    /// <summary>As it was before balances were reserved for claiming: published epochs stay provable.</summary>
    private const string OlderFormat = "cocoon-pool-epoch-bundle/2";
    private const int MaxReferees = 10;

    public static Claims Read(JsonElement root)
    {
        var bundle = new Node(root, "bundle").WithMembers(
            "carried_over_nano", "end_unix_ms", "epoch", "fee_nano", "format", "merkle_root", "parameters", "participants",
            "pool", "referral_bonuses_nano", "revenue", "revenue_nano", "start_unix_ms");
        var format = bundle["format"].Text();
        if (format is not (Format or OlderFormat))
            throw bundle["format"].Refused($"is none that this verifier knows; it reads '{Format}' and '{OlderFormat}'");
        if (bundle["start_unix_ms"].Nano() >= bundle["end_unix_ms"].Nano())
            throw bundle["end_unix_ms"].Refused("is not after start_unix_ms");

        var parameters = bundle["parameters"].WithMembers("fee_bps", "max_concentration_bps", "min_payout_nano", "min_uptime_bps", "score_weights", "token_multipliers");
        parameters["min_payout_nano"].Nano();
        TokenMultipliers(parameters["token_multipliers"]);
        return new(
            bundle["pool"].NonEmptyText(),
            bundle["epoch"].Small(1, int.MaxValue),
            bundle["start_unix_ms"].Nano(),
            bundle["end_unix_ms"].Nano(),
            parameters["fee_bps"].Small(0, 1000),
            parameters["min_uptime_bps"].Small(0, 10_000),
            parameters["max_concentration_bps"].Small(0, 10_000),
            DimensionWeights(parameters["score_weights"]),
            Revenue(bundle["revenue"]),
            bundle["revenue_nano"].Nano(),
            bundle["fee_nano"].Nano(),
            bundle["referral_bonuses_nano"].Nano(),
            bundle["carried_over_nano"].Nano(),
            Participants(bundle["participants"]),
            bundle["merkle_root"].Hash(),
            ClaimsArePayable: format == Format);
    }

    private static void TokenMultipliers(Node multipliers)
    {
        multipliers.WithMembers("cached", "completion", "prompt", "reasoning");
        foreach (var name in (string[])["cached", "completion", "prompt", "reasoning"])
            multipliers[name].Small(0, int.MaxValue);
    }

    private static ImmutableArray<int> DimensionWeights(Node weights)
    {
        weights.WithMembers("quality_bps", "tasks_bps", "tokens_bps", "uptime_bps");
        ImmutableArray<int> read =
        [
            weights["tokens_bps"].Small(0, 10_000),
            weights["uptime_bps"].Small(0, 10_000),
            weights["tasks_bps"].Small(0, 10_000),
            weights["quality_bps"].Small(0, 10_000),
        ];
        return read.Sum() == 10_000 ? read : throw weights.Refused("do not add up to 10000");
    }

    private static ImmutableArray<long> Revenue(Node revenue)
    {
        var amounts = ImmutableArray.CreateBuilder<long>();
        string? last = null;
        foreach (var line in revenue.Items())
        {
            line.WithMembers("amount_nano", "kind", "transfer_id");
            line["kind"].NonEmptyText();
            var id = line["transfer_id"].NonEmptyText();
            if (last is not null && string.CompareOrdinal(last, id) >= 0)
                throw line["transfer_id"].Refused("does not come after the one before it; transfers are sorted and each counts once");
            last = id;
            amounts.Add(line["amount_nano"].Within(1, long.MaxValue));
        }

        return amounts.ToImmutable();
    }

    private static ImmutableArray<ParticipantClaims> Participants(Node participants)
    {
        var read = ImmutableArray.CreateBuilder<ParticipantClaims>();
        var referees = new Dictionary<Address, int>();
        foreach (var item in participants.Items())
        {
            var participant = ParticipantReader.Read(item);
            if (read.Count > 0 && !read[^1].Address.IsBelow(participant.Address))
                throw item["address"].Refused("does not come after the one before it; participants are sorted and each comes once");
            if (participant.Referrer is { } referrer && (referees[referrer] = referees.GetValueOrDefault(referrer) + 1) > MaxReferees)
                throw item["referrer"].Refused($"has more than {MaxReferees} referees");
            read.Add(participant);
        }

        return read.ToImmutable();
    }
}
