using System.Text.Json;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Tests.Settlement;

public class PayoutListTests
{
    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, Golden.Read("payout-lists.json").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void List_OfTheContractsVectors_HasTheHashOfTheReferenceLibrary(int number)
    {
        var vector = Golden.Read("payout-lists.json")[number];
        Convert.ToHexStringLower(PayoutList.Hash(Payouts(vector))).ShouldBe(vector.Text("hash"), vector.Text("name"));
    }

    [Fact]
    public void List_InAnotherOrder_IsAnotherList()
    {
        Payout first = new(Samples.Address(1), new(1)), second = new(Samples.Address(2), new(1));
        PayoutList.Hash([first, second]).ShouldNotBe(PayoutList.Hash([second, first]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(251)]
    public void List_EmptyOrTooLong_IsABug(int count) =>
        Should.Throw<ArgumentException>(() => PayoutList.Hash([.. Enumerable.Repeat(new Payout(default, new(1)), count)]));

    [Fact]
    public void List_WithANegativeAmount_IsABug() => Should.Throw<ArgumentException>(() => PayoutList.Hash([new Payout(default, new(-1))]));

    private static Payout[] Payouts(JsonElement vector) =>
        [.. vector.GetProperty("entries").EnumerateArray().Select(entry => new Payout(TonAddress.Parse(entry.Text("address")), new Nanotons(long.Parse(entry.Text("amount_nano")))))];
}
