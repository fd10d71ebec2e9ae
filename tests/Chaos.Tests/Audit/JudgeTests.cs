using CocoonPool.Chaos.Audit;
using CocoonPool.Chaos.Audit.Facts;
using CocoonPool.Client.Launcher.Pool;

namespace CocoonPool.Chaos.Tests.Audit;

/// <summary>The auditor can object: each test breaks one fact of a sound pool and expects the words for it.</summary>
public sealed class JudgeTests
{
    private readonly PoolFacts _sound = SoundPool.Facts();

    private EpochFacts Epoch => _sound.Epochs[0];

    [Fact]
    public void SoundPool_HasNoObjection() => Objections(_sound).ShouldBeEmpty();

    [Fact]
    public void Line_ThatWasChanged_BreaksTheChain() => Objections(_sound with
    {
        Ledger = _sound.Ledger with { Lines = [_sound.Ledger.Lines[0] with { AmountNano = 1 }, .. _sound.Ledger.Lines.Skip(1)] },
    }).ShouldContain(o => o.Contains("does not continue the hash chain", StringComparison.Ordinal));

    [Fact]
    public void Reservation_ThatNeverEnds_IsSeen() => Objections(Add(SoundPool.Line("held", "operator:fees", "treasury", 5, 22, action: 1)))
        .ShouldContain("ledger: the reservation held never ended");

    [Fact]
    public void Reservation_ThatEndsTwice_IsSeen()
    {
        var end = _sound.Ledger.Lines.First(line => line.Action == 2);

        Objections(Add(end with { Id = "again" })).ShouldContain(o => o.Contains("ended 2 times", StringComparison.Ordinal));
    }

    [Fact]
    public void Block_OfAClientThatIsOpen_MayBeReserved() => LedgerJudge.Judge(
        Add(SoundPool.Line("client-block/7", "client:a", "revenue:9", 5, 10, action: 1)).Ledger with { OpenBlocks = ["client-block/7"] }).ShouldBeEmpty();

    [Fact]
    public void Balance_ThatItsLinesDoNotMake_IsSeen() => Objections(_sound with
    {
        Ledger = _sound.Ledger with { Accounts = [_sound.Ledger.Accounts[0] with { BalanceNano = 1 }] },
    }).ShouldContain(o => o.StartsWith("ledger: chain:distribution is kept as 1", StringComparison.Ordinal));

    [Fact]
    public void Bundle_WithOneByteChanged_IsSeen()
    {
        byte[] changed = [.. Epoch.Bundle!];
        changed[^3] ^= 1;

        Objections(_sound with { Epochs = [Epoch with { Bundle = changed }] }).ShouldContain(o => o.Contains("hash is not that of its bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void Closing_ThatTheOperatorWasToldOtherwise_IsSeen()
    {
        var told = new ClosingView(Epoch.Number, $"{Epoch.RevenueNano}", $"{Epoch.FeeNano}", 1, new string('0', 64));

        EpochJudge.Judge(_sound, [told]).ShouldHaveSingleItem().ShouldContain("as the operator was told");
    }

    [Fact]
    public void Share_ThatIsNotBooked_IsSeen() => Objections(_sound with
    {
        Ledger = _sound.Ledger with { Lines = [.. _sound.Ledger.Lines.Where(line => line.Kind != 4)] },
    }).ShouldContain(o => o.Contains("0 lines book 0", StringComparison.Ordinal));

    [Fact]
    public void Payout_ThatArrivedTwice_IsSeen()
    {
        var (wallet, arrivals) = _sound.Chain.Payouts.First();
        var twice = _sound.Chain.Payouts.ToDictionary(StringComparer.Ordinal);
        twice[wallet] = [.. arrivals, arrivals[0]];

        Objections(_sound with { Chain = _sound.Chain with { Payouts = twice } }).ShouldHaveSingleItem().ShouldContain("and 2 of");
    }

    [Fact]
    public void Contract_ThatPaidLessThanTheEpochOwes_IsSeen()
    {
        var told = _sound.Chain.Epochs[Epoch.Number];

        Objections(_sound with { Chain = _sound.Chain with { Epochs = new Dictionary<int, Client.Launcher.Chain.ChainEpoch> { [Epoch.Number] = told with { PaidNano = told.PaidNano - 1 } } } })
            .ShouldHaveSingleItem().ShouldContain("the contract was given");
    }

    [Fact]
    public void Deposit_ThatIsNotBooked_IsSeen() => Objections(_sound with
    {
        Chain = _sound.Chain with { Deposits = [.. _sound.Chain.Deposits, new("0:ee", 5, "ef02")] },
    }).ShouldHaveSingleItem().ShouldContain("booked 0 times");

    [Fact]
    public void Contract_ThatHoldsLessThanTheBooksSay_IsSeen() => Objections(_sound with { Chain = _sound.Chain with { ContractBalanceNano = 1 } })
        .ShouldHaveSingleItem().ShouldContain("the contract holds 1");

    [Fact]
    public void StakeAccounts_ThatHoldLessThanTheBooksSay_AreSeen() => Objections(_sound with { Chain = _sound.Chain with { StakesNano = 1 } })
        .ShouldHaveSingleItem().ShouldContain("the stake accounts hold 1");

    [Fact]
    public void Vault_ThatHoldsLessThanTheBooksSay_IsSeen() =>
        Objections(_sound with { Chain = _sound.Chain with { VaultsNano = new Dictionary<string, long>(StringComparer.Ordinal) { [SoundPool.Vault] = 1 } } })
            .ShouldHaveSingleItem().ShouldContain($"vault {SoundPool.Vault} holds 1");

    [Fact]
    public void Epoch_ThatIsNotSettled_IsStuck() => LivenessJudge.Judge(_sound with { Epochs = [Epoch with { Phase = 3 }] }, "peace did not come").Count().ShouldBe(2);

    private static IEnumerable<string> Objections(PoolFacts facts) =>
        [.. LedgerJudge.Judge(facts.Ledger), .. EpochJudge.Judge(facts, []), .. PaymentJudge.Judge(facts), .. LivenessJudge.Judge(facts, null)];

    private PoolFacts Add(LedgerLine line) => _sound with { Ledger = SoundPool.Chained([.. _sound.Ledger.Lines, line], _sound.Ledger.Accounts) };
}
