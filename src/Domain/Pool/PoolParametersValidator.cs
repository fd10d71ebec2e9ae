using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Pool;

/// <summary>The bounds of <see cref="PoolParameters"/>, reported under the names that the API and the command line use.</summary>
internal static class PoolParametersValidator
{
    private static readonly Nanotons LowestMinPayout = new(50_000_000);

    public static IReadOnlyList<string> Validate(PoolParameters parameters)
    {
        var mistakes = new List<string>();
        Range(mistakes, "fee_bps", parameters.FeeBps, 0, 1000);
        StakeTiers(mistakes, parameters);
        Range(mistakes, "max_participants", parameters.MaxParticipants, 1, 1_000_000);
        Range(mistakes, "epoch_duration", parameters.EpochDuration, TimeSpan.FromMinutes(1), TimeSpan.FromDays(31));
        WholeMilliseconds(mistakes, "epoch_duration", parameters.EpochDuration);
        Range(mistakes, "parameter_timelock", parameters.ParameterTimelock, TimeSpan.Zero, TimeSpan.FromDays(30));
        Range(mistakes, "withdrawal_delay", parameters.WithdrawalDelay, TimeSpan.Zero, TimeSpan.FromDays(60));
        Heartbeats(mistakes, parameters);
        Range(mistakes, "min_uptime_bps", parameters.MinUptimeBps, 0, 10_000);
        if (parameters.MinPayout < LowestMinPayout)
            mistakes.Add($"min_payout is {parameters.MinPayout.ToTonString()} TON; set at least 0.05 TON, or network fees eat the payout.");
        Weights(mistakes, parameters);
        Range(mistakes, "max_concentration_bps", parameters.MaxConcentrationBps, 0, 10_000);
        Range(mistakes, "token_multipliers.prompt", parameters.Multipliers.Prompt, 0, 1_000_000);
        Range(mistakes, "token_multipliers.cached", parameters.Multipliers.Cached, 0, 1_000_000);
        Range(mistakes, "token_multipliers.completion", parameters.Multipliers.Completion, 0, 1_000_000);
        Range(mistakes, "token_multipliers.reasoning", parameters.Multipliers.Reasoning, 0, 1_000_000);
        return mistakes;
    }

    private static void StakeTiers(List<string> mistakes, PoolParameters parameters)
    {
        var tiers = parameters.StakeTiers;
        if (tiers.IsDefault || tiers.Length != 4)
        {
            mistakes.Add("min_stake needs exactly 4 tiers, for 1-2, 3-4, 5-8 and 9 or more GPUs; give one amount for each.");
            return;
        }

        if (tiers.Any(tier => tier < Nanotons.FromTon(1)))
            mistakes.Add("min_stake has a tier under 1 TON; raise every tier to at least 1 TON.");
        for (var i = 1; i < tiers.Length; i++)
        {
            if (tiers[i] < tiers[i - 1])
                mistakes.Add($"min_stake tier {i + 1} is below tier {i}; tiers must not fall as GPUs are added.");
        }
    }

    private static void Heartbeats(List<string> mistakes, PoolParameters parameters)
    {
        if (parameters.HeartbeatInterval <= TimeSpan.Zero)
            mistakes.Add($"heartbeat_interval is {parameters.HeartbeatInterval}; set a time above 0, such as 30 seconds.");
        var shortest = parameters.HeartbeatInterval + parameters.HeartbeatInterval;
        if (parameters.HeartbeatTimeout < shortest)
            mistakes.Add($"heartbeat_timeout is {parameters.HeartbeatTimeout}; set at least twice heartbeat_interval ({shortest}), so that one lost heartbeat costs nothing.");
    }

    private static void Weights(List<string> mistakes, PoolParameters parameters)
    {
        var weights = parameters.Weights;
        Range(mistakes, "score_weights.tokens", weights.TokensBps, 0, 10_000);
        Range(mistakes, "score_weights.uptime", weights.UptimeBps, 0, 10_000);
        Range(mistakes, "score_weights.tasks", weights.TasksBps, 0, 10_000);
        Range(mistakes, "score_weights.quality", weights.QualityBps, 0, 10_000);
        var sum = (long)weights.TokensBps + weights.UptimeBps + weights.TasksBps + weights.QualityBps;
        if (sum != 10_000)
            mistakes.Add($"score_weights add up to {sum}; change them so that the four add up to 10000.");
    }

    private static void WholeMilliseconds(List<string> mistakes, string name, TimeSpan value)
    {
        if (value.Ticks % TimeSpan.TicksPerMillisecond != 0)
            mistakes.Add($"{name} is {value}; set a whole number of milliseconds, the precision of an epoch's start and end.");
    }

    private static void Range<T>(List<string> mistakes, string name, T value, T lowest, T highest)
        where T : IComparable<T>
    {
        if (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0)
            mistakes.Add($"{name} is {value}; set it between {lowest} and {highest}.");
    }
}
