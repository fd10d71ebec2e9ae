using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Tests.Pool;

public class PoolParametersTests
{
    private static readonly PoolParameters Good = PoolParameters.Default;

    public static TheoryData<string, PoolParameters> OneFaultEach => new()
    {
        { "fee_bps", Good with { FeeBps = -1 } },
        { "fee_bps", Good with { FeeBps = 1001 } },
        { "min_stake needs", Good with { StakeTiers = [Nanotons.FromTon(1)] } },
        { "min_stake needs", Good with { StakeTiers = default } },
        { "min_stake has", Good with { StakeTiers = [new(999_999_999), Nanotons.FromTon(1), Nanotons.FromTon(1), Nanotons.FromTon(1)] } },
        { "min_stake tier 3", Good with { StakeTiers = [Nanotons.FromTon(1), Nanotons.FromTon(3), Nanotons.FromTon(2), Nanotons.FromTon(4)] } },
        { "max_participants", Good with { MaxParticipants = 0 } },
        { "max_participants", Good with { MaxParticipants = 1_000_001 } },
        { "epoch_duration", Good with { EpochDuration = TimeSpan.FromSeconds(59) } },
        { "epoch_duration", Good with { EpochDuration = TimeSpan.FromDays(32) } },
        { "epoch_duration", Good with { EpochDuration = TimeSpan.FromDays(7) + TimeSpan.FromTicks(1) } },
        { "parameter_timelock", Good with { ParameterTimelock = TimeSpan.FromTicks(-1) } },
        { "parameter_timelock", Good with { ParameterTimelock = TimeSpan.FromDays(31) } },
        { "withdrawal_delay", Good with { WithdrawalDelay = TimeSpan.FromTicks(-1) } },
        { "withdrawal_delay", Good with { WithdrawalDelay = TimeSpan.FromDays(61) } },
        { "heartbeat_interval", Good with { HeartbeatInterval = TimeSpan.Zero } },
        { "heartbeat_timeout", Good with { HeartbeatTimeout = TimeSpan.FromSeconds(59) } },
        { "min_uptime_bps", Good with { MinUptimeBps = -1 } },
        { "min_uptime_bps", Good with { MinUptimeBps = 10_001 } },
        { "min_payout", Good with { MinPayout = new(49_999_999) } },
        { "score_weights add up to 9999", Good with { Weights = new(5000, 2000, 2000, 999) } },
        { "max_concentration_bps", Good with { MaxConcentrationBps = 10_001 } },
        { "token_multipliers.prompt", Good with { Multipliers = new TokenMultipliers(Prompt: -1) } },
        { "token_multipliers.cached", Good with { Multipliers = new TokenMultipliers(Cached: -1) } },
        { "token_multipliers.completion", Good with { Multipliers = new TokenMultipliers(Completion: 1_000_001) } },
        { "token_multipliers.reasoning", Good with { Multipliers = new TokenMultipliers(Reasoning: -1) } },
    };

    [Fact]
    public void Defaults_AreValid() => Good.Validate().ShouldBeEmpty();

    [Fact]
    public void BoundsThemselves_AreValid()
    {
        (Good with
        {
            FeeBps = 0,
            MaxParticipants = 1_000_000,
            EpochDuration = TimeSpan.FromMinutes(1),
            ParameterTimelock = TimeSpan.Zero,
            WithdrawalDelay = TimeSpan.Zero,
            HeartbeatTimeout = TimeSpan.FromSeconds(60),
            MinUptimeBps = 0,
            MinPayout = new(50_000_000),
            MaxConcentrationBps = 0,
        }).Validate().ShouldBeEmpty();
        (Good with { FeeBps = 1000, EpochDuration = TimeSpan.FromDays(31), MinUptimeBps = 10_000 }).Validate().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(OneFaultEach))]
    public void Validate_WithOneFault_ReportsThatOneByItsName(string expected, PoolParameters parameters) =>
        parameters.Validate().ShouldHaveSingleItem().ShouldStartWith(expected);

    [Fact]
    public void Validate_WithSeveralFaults_ReportsEveryOneAtOnce()
    {
        var mistakes = (Good with { FeeBps = 5000, MaxParticipants = 0, MinPayout = Nanotons.Zero, Weights = new ScoreWeights(-1, 0, 0, 0) }).Validate();

        mistakes.Count.ShouldBe(5);
        mistakes.Any(mistake => mistake == "fee_bps is 5000; set it between 0 and 1000.").ShouldBeTrue();
        mistakes.Any(mistake => mistake == "score_weights.tokens is -1; set it between 0 and 10000.").ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 100)]
    [InlineData(2, 100)]
    [InlineData(3, 200)]
    [InlineData(4, 200)]
    [InlineData(5, 400)]
    [InlineData(8, 400)]
    [InlineData(9, 800)]
    [InlineData(1000, 800)]
    public void RequiredStake_FollowsTheTiers(int gpus, long ton) => Good.RequiredStake(gpus).ShouldBe(Nanotons.FromTon(ton));

    [Fact]
    public void RequiredStake_OfANegativeNumberOfGpus_IsABug() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Good.RequiredStake(-1));
}
