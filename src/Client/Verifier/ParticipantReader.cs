namespace CocoonPool.Verifier;

/// <summary>Reads what a bundle says about one participant.</summary>
internal static class ParticipantReader
{
    private const int TallyDigits = 100;
    private const int WeightDigits = 450;

    public static ParticipantClaims Read(Node item)
    {
        item.WithMembers(
            "address", "adjusted_tokens", "attested_gpus", "carried_in_nano", "concentration_bps", "eligible", "expected_gpu_milliseconds",
            "failed_tasks", "gpu_milliseconds", "ineligible_because", "joined_unix_ms", "min_payout_nano", "multiplier_ppm", "over_concentration",
            "payable_index", "payable_nano", "payout_address", "quality_ppm", "quality_tokens", "referral_bonus_nano", "referrer",
            "reputation_after", "reputation_before", "schedule", "share_nano", "suspended", "tasks", "uptime_bps", "weight");
        var participant = new ParticipantClaims(
            item["address"].Address(),
            item["payout_address"].Address(),
            [
                item["adjusted_tokens"].Natural(TallyDigits),
                item["gpu_milliseconds"].Natural(TallyDigits),
                item["tasks"].Natural(TallyDigits),
                item["quality_tokens"].Natural(TallyDigits),
            ],
            item["failed_tasks"].Nano(),
            item["expected_gpu_milliseconds"].Natural(TallyDigits),
            item["joined_unix_ms"].Nano(),
            item["attested_gpus"].Small(0, int.MaxValue),
            item["reputation_before"].Small(0, 1000),
            item["suspended"].Boolean(),
            item["referrer"].TextOrNull() is null ? null : item["referrer"].Address(),
            item["carried_in_nano"].Nano(),
            item["min_payout_nano"].Nano(),
            item["schedule"].OneOf("every_epoch", "threshold", "claim"),
            Standing(item),
            item["weight"].Natural(WeightDigits),
            item["share_nano"].Nano(),
            item["referral_bonus_nano"].Nano(),
            item["payable_nano"].Nano(),
            item["payable_index"].TextOrNull() is null ? null : item["payable_index"].Small(0, int.MaxValue));
        if (participant.Tallies[3] > participant.Tallies[0] * 1_000_000)
            throw item["quality_tokens"].Refused("is more than a perfect quality of all adjusted_tokens");
        return participant.Referrer == participant.Address ? throw item["referrer"].Refused("is the participant") : participant;
    }

    private static StandingClaims Standing(Node item) => new(
        item["uptime_bps"].Small(0, 10_000),
        item["quality_ppm"].TextOrNull() is null ? null : item["quality_ppm"].Small(0, 1_000_000),
        item["multiplier_ppm"].Small(800_000, 1_200_000),
        item["eligible"].Boolean(),
        item["ineligible_because"].TextOrNull(),
        item["concentration_bps"].Small(0, 10_000),
        item["over_concentration"].Boolean(),
        item["reputation_after"].Small(0, 1000));
}
