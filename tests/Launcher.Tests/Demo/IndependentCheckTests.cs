using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Demo;
using CocoonPool.Verifier;

namespace CocoonPool.Launcher.Tests.Demo;

public class IndependentCheckTests
{
    private static readonly MemberFigures Member = new("alice", 10, 9, 10, 9, 9, 8, 8);
    private static readonly ChainEpoch OnChain = new(true, 30, 30, 5, "aa", "bb");

    private static readonly VerificationReport Recomputed = new(
        true, [], "main", 7, 40, 5, 0, 0, [new("0:1", true, 10, 10, "0:1"), new("0:2", true, 25, 20, "0:2")], [], "aa", "bb");

    public static TheoryData<MemberFigures, string> MemberDifferences => new()
    {
        { Member with { LedgerShareNano = 11 }, "alice: the ledger's share is 11 nanoTON, recomputed it is 10." },
        { Member with { LedgerPaidNano = 8 }, "alice: the ledger says 8 nanoTON were paid, 9 were due." },
        { Member with { ArrivedNano = 0 }, "alice: 0 nanoTON arrived from the contract, 9 were due." },
        { Member with { BalanceChangeNano = 7 }, "alice: the balance changed by 7 nanoTON, the wallet's transactions explain 8." },
    };

    public static TheoryData<ChainEpoch, string> ContractDifferences => new()
    {
        { OnChain with { Opened = false }, "The contract does not know epoch 7." },
        { OnChain with { MerkleRoot = "cc" }, "The Merkle root on chain is cc, recomputed it is aa." },
        { OnChain with { TotalNano = 31 }, "The contract's total is 31 nanoTON, the payables add up to 30." },
        { OnChain with { PaidNano = 29 }, "The contract has paid 29 of 30 nanoTON." },
        { OnChain with { FeeNano = 6 }, "The contract's fee is 6 nanoTON, recomputed it is 5." },
    };

    [Fact]
    public void SourcesThatAgree_HaveNoDifference()
    {
        IndependentCheck.CompareMember(Member).ShouldBeEmpty();
        IndependentCheck.CompareWithContract(Recomputed, OnChain).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(MemberDifferences))]
    public void DifferenceAboutAMember_IsNamed(MemberFigures figures, string difference) =>
        IndependentCheck.CompareMember(figures).ShouldHaveSingleItem().ShouldBe(difference);

    [Theory]
    [MemberData(nameof(ContractDifferences))]
    public void DifferenceFromTheContract_IsNamed(ChainEpoch onChain, string difference) =>
        IndependentCheck.CompareWithContract(Recomputed, onChain).ShouldHaveSingleItem().ShouldBe(difference);

    [Fact]
    public void SeveralDifferences_AreAllNamed()
    {
        IndependentCheck.CompareMember(new("bob", 1, 2, 3, 4, 5, 6, 7)).Count().ShouldBe(4);
        IndependentCheck.CompareWithContract(Recomputed, new(false, 1, 2, 3, "x", "y")).Count().ShouldBe(5);
    }
}
