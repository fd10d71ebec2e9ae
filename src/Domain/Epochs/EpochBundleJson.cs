using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Epochs;

/// <summary>
/// The members of a bundle. Integers are decimal strings; hashes lower-case hex; addresses raw; times milliseconds of the
/// Unix epoch. Revenue lines come by ascending transfer id, participants by ascending address.
/// </summary>
internal static class EpochBundleJson
{
    public static byte[] Write(EpochClose close, EpochResult result)
    {
        var json = new CanonicalJsonWriter()
            .StartObject()
            .Name("carried_over_nano").Number(result.CarriedOver.Value)
            .Name("end_unix_ms").Number(close.End.ToUnixTimeMilliseconds())
            .Name("epoch").Number(close.Number.Value)
            .Name("fee_nano").Number(result.Fee.Value)
            .Name("format").Text(EpochBundle.Format)
            .Name("merkle_root").Text(Convert.ToHexStringLower(result.MerkleRoot));
        Parameters(json.Name("parameters"), close.Parameters);
        Participants(json.Name("participants"), result);
        json.Name("pool").Text(close.PoolId)
            .Name("referral_bonuses_nano").Number(result.ReferralBonuses.Value);
        Revenue(json.Name("revenue"), close);
        return json
            .Name("revenue_nano").Number(result.Revenue.Value)
            .Name("start_unix_ms").Number(close.Start.ToUnixTimeMilliseconds())
            .EndObject()
            .ToArray();
    }

    private static void Parameters(CanonicalJsonWriter json, PoolParameters parameters) => json
        .StartObject()
        .Name("fee_bps").Number(parameters.FeeBps)
        .Name("max_concentration_bps").Number(parameters.MaxConcentrationBps)
        .Name("min_payout_nano").Number(parameters.MinPayout.Value)
        .Name("min_uptime_bps").Number(parameters.MinUptimeBps)
        .Name("score_weights").StartObject()
        .Name("quality_bps").Number(parameters.Weights.QualityBps)
        .Name("tasks_bps").Number(parameters.Weights.TasksBps)
        .Name("tokens_bps").Number(parameters.Weights.TokensBps)
        .Name("uptime_bps").Number(parameters.Weights.UptimeBps)
        .EndObject()
        .Name("token_multipliers").StartObject()
        .Name("cached").Number(parameters.Multipliers.Cached)
        .Name("completion").Number(parameters.Multipliers.Completion)
        .Name("prompt").Number(parameters.Multipliers.Prompt)
        .Name("reasoning").Number(parameters.Multipliers.Reasoning)
        .EndObject()
        .EndObject();

    private static void Participants(CanonicalJsonWriter json, EpochResult result)
    {
        json.StartArray();
        var indexes = result.Payables.ToDictionary(payable => payable.Participant, payable => payable.Index);
        foreach (var participant in result.Participants)
            Participant(json, participant, indexes.TryGetValue(participant.Entrant.Tally.Participant, out var index) ? index : null);
        json.EndArray();
    }

    private static void Participant(CanonicalJsonWriter json, ParticipantResult participant, int? payableIndex)
    {
        var (entrant, standing) = (participant.Entrant, participant.Standing);
        var tally = entrant.Tally;
        json.StartObject()
            .Name("address").Text(tally.Participant.ToString())
            .Name("adjusted_tokens").Number(tally.AdjustedTokens)
            .Name("attested_gpus").Number(entrant.AttestedGpus)
            .Name("carried_in_nano").Number(entrant.CarriedIn.Value)
            .Name("concentration_bps").Number(standing.ConcentrationBps)
            .Name("eligible").Boolean(standing.Eligible)
            .Name("expected_gpu_milliseconds").Number(entrant.ExpectedGpuMilliseconds)
            .Name("failed_tasks").Number(tally.FailedTasks)
            .Name("gpu_milliseconds").Number(tally.GpuMilliseconds)
            .Name("ineligible_because");
        TextOrNull(json, standing.IneligibleBecause)
            .Name("joined_unix_ms").Number(entrant.JoinedAt.ToUnixTimeMilliseconds())
            .Name("min_payout_nano").Number(entrant.MinPayout.Value)
            .Name("multiplier_ppm").Number(standing.MultiplierPpm)
            .Name("over_concentration").Boolean(standing.OverConcentration)
            .Name("payable_index");
        NumberOrNull(json, payableIndex)
            .Name("payable_nano").Number(participant.Payable.Value)
            .Name("payout_address").Text(entrant.PayoutAddress.ToString())
            .Name("quality_ppm");
        NumberOrNull(json, standing.QualityPpm)
            .Name("quality_tokens").Number(tally.QualityTokens)
            .Name("referral_bonus_nano").Number(participant.ReferralBonus.Value)
            .Name("referrer");
        TextOrNull(json, entrant.Referrer?.ToString())
            .Name("reputation_after").Number(standing.ReputationAfter)
            .Name("reputation_before").Number(entrant.Reputation)
            .Name("schedule").Text(entrant.Schedule.ToWord())
            .Name("share_nano").Number(participant.Share.Value)
            .Name("suspended").Boolean(entrant.Suspended)
            .Name("tasks").Number(tally.Tasks)
            .Name("uptime_bps").Number(standing.UptimeBps)
            .Name("weight").Number(participant.Weight)
            .EndObject();
    }

    private static CanonicalJsonWriter TextOrNull(CanonicalJsonWriter json, string? text) => text is null ? json.Null() : json.Text(text);

    private static CanonicalJsonWriter NumberOrNull(CanonicalJsonWriter json, int? number) => number is { } value ? json.Number(value) : json.Null();

    private static void Revenue(CanonicalJsonWriter json, EpochClose close)
    {
        json.StartArray();
        foreach (var line in close.Revenue.Sort((left, right) => string.CompareOrdinal(left.TransferId, right.TransferId)))
        {
            json.StartObject()
                .Name("amount_nano").Number(line.Amount.Value)
                .Name("kind").Text(line.Kind)
                .Name("transfer_id").Text(line.TransferId)
                .EndObject();
        }

        json.EndArray();
    }
}
