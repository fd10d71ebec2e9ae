using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Tests.Ledger;

public class AccountNameTests
{
    private static readonly string Raw = Samples.Address(1).ToString();

    public static TheoryData<string, bool> Names => new()
    {
        { "chain:distribution", true },
        { "chain:stake", true },
        { "chain:hot-wallet", true },
        { "operator:fees", true },
        { "settlement:in-flight", true },
        { "network:fees", true },
        { "slash:pending", true },
        { "treasury", true },
        { "burned", true },
        { "revenue:1", true },
        { "revenue:0", false },
        { "revenue:-1", false },
        { "revenue:01", false },
        { "revenue:x", false },
        { "client:a", true },
        { "client:", false },
        { "client:a\u0001", false },
        { "client:" + new string('a', 153), true },
        { "client:" + new string('a', 154), false },
        { $"chain:vault:{Raw}", true },
        { "chain:vault:0:00", false },
        { $"participant:{Raw}:rewards", true },
        { $"participant:{Raw}:stake", true },
        { $"participant:{Raw}:other", false },
        { "participant:0:00:rewards", false },
        { "participant:0:00:stake", false },
        { $"participant:{Samples.Address(1).ToFriendly()}:stake", false },
        { "burnt", false },
        { "", false },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Name_IsOneOfTheClosedList(string text, bool isAccount)
    {
        AccountName.TryParse(text, out var account).ShouldBe(isAccount);
        account.Value.ShouldBe(text);
        if (isAccount)
            AccountName.Parse(text).ShouldBe(account);
        else
            Should.Throw<FormatException>(() => AccountName.Parse(text));
    }

    [Fact]
    public void Name_ThatIsNone_IsRefused() => AccountName.TryParse(null, out _).ShouldBeFalse();

    [Fact]
    public void Assets_AreOnChain_ButNotTheWalletThatPaysFees()
    {
        AccountName.Distribution.IsChainAsset.ShouldBeTrue();
        AccountName.HotWallet.IsChainAsset.ShouldBeFalse();
        AccountName.Treasury.IsChainAsset.ShouldBeFalse();
        AccountName.NetworkFees.Side.ShouldBe(AccountSide.Debit);
        AccountName.Vault(Samples.Address(1)).Side.ShouldBe(AccountSide.Debit);
        AccountName.Client("a").Side.ShouldBe(AccountSide.Credit);
        AccountName.HotWallet.MayBeNegative.ShouldBeTrue();
        AccountName.Distribution.MayBeNegative.ShouldBeFalse();
    }
}
