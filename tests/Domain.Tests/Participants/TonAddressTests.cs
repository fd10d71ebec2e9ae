using System.Text.Json;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Tests.Participants;

public class TonAddressTests
{
    private const string Raw = "0:3df85ca5f5b4b3aa050e168d19c5c0083d57791ba8f646a94a7679214911c7ab";

    public static TheoryData<string> Valid => [.. Golden.Read("addresses.json").GetProperty("valid").EnumerateArray().Select(vector => vector.GetRawText())];

    [Theory]
    [MemberData(nameof(Valid))]
    public void Address_OfTheReferenceLibrary_ReadsAndWritesTheSame(string json)
    {
        using var document = JsonDocument.Parse(json);
        var vector = document.RootElement;
        var address = TonAddress.Parse(vector.Text("raw"));

        address.ToString().ShouldBe(vector.Text("raw"));
        ((int)address.Workchain).ShouldBe(vector.GetProperty("workchain").GetInt32());
        Convert.ToHexStringLower(address.Hash).ShouldBe(vector.Text("hash"));
        address.ToFriendly().ShouldBe(vector.Text("non_bounceable"));
        address.ToFriendly(bounceable: true).ShouldBe(vector.Text("bounceable"));
        address.ToFriendly(bounceable: true, testOnly: true).ShouldBe(vector.Text("test_bounceable"));
        address.ToFriendly(testOnly: true).ShouldBe(vector.Text("test_non_bounceable"));
        foreach (var form in vector.EnumerateObject().Where(member => member.Name.Contains("bounceable", StringComparison.Ordinal)))
        {
            var text = form.Value.GetString();
            var testOnly = form.Name.StartsWith("test_", StringComparison.Ordinal);
            TonAddress.TryParse(text, TonNetwork.Testnet, out var read, out _).ShouldBeTrue(form.Name);
            read.ShouldBe(address, form.Name);
            TonAddress.TryParse(text, TonNetwork.Mainnet, out _, out _).ShouldBe(!testOnly, form.Name);
        }
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("   ", "empty")]
    [InlineData("0:3df8", "64 hexadecimal digits")]
    [InlineData("0:zdf85ca5f5b4b3aa050e168d19c5c0083d57791ba8f646a94a7679214911c7ab", "64 hexadecimal digits")]
    [InlineData("1:3df85ca5f5b4b3aa050e168d19c5c0083d57791ba8f646a94a7679214911c7ab", "workchain")]
    [InlineData("x:3df85ca5f5b4b3aa050e168d19c5c0083d57791ba8f646a94a7679214911c7ab", "workchain")]
    [InlineData("EQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAM9d", "checksum")]
    [InlineData("EQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAM9!", "base64")]
    [InlineData("EQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAM9", "neither a raw address")]
    public void Address_ThatIsWrong_IsRefusedWithTheReason(string? text, string reason)
    {
        TonAddress.TryParse(text, TonNetwork.Mainnet, out _, out var problem).ShouldBeFalse();
        problem.ShouldContain(reason);
    }

    [Fact]
    public void Address_ThatTheReferenceLibraryRefuses_IsRefusedHereToo()
    {
        foreach (var vector in Golden.Read("addresses.json").GetProperty("invalid").EnumerateArray())
            TonAddress.TryParse(vector.Text("input"), TonNetwork.Testnet, out _, out _).ShouldBeFalse(vector.Text("reason"));
    }

    [Fact]
    public void Address_WithAnyOneCharacterChanged_IsRefused()
    {
        var friendly = TonAddress.Parse(Raw).ToFriendly();
        for (var i = 0; i < friendly.Length; i++)
        {
            var changed = friendly[..i] + (friendly[i] == 'A' ? 'B' : 'A') + friendly[(i + 1)..];
            TonAddress.TryParse(changed, TonNetwork.Mainnet, out _, out _).ShouldBeFalse(changed);
        }
    }

    [Fact]
    public void Addresses_SortByWorkchainThenByHash()
    {
        var master = TonAddress.Parse("-1:" + new string('f', 64));
        var low = TonAddress.Parse("0:00" + new string('f', 62));
        var high = TonAddress.Parse("0:80" + new string('0', 62));
        new[] { high, low, master }.Order().ShouldBe([master, low, high]);
    }
}
