using System.Text;
using CocoonPool.Domain.Access;

namespace CocoonPool.Domain.Tests.Access;

public class TotpTests
{
    // RFC 6238, appendix B, SHA-1; six digits are the last six of its eight.
    private static readonly byte[] Seed = "12345678901234567890"u8.ToArray();

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_111_111_109);
    private const long Step = 1_111_111_109 / 30;

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1_111_111_109, "081804")]
    [InlineData(1_111_111_111, "050471")]
    [InlineData(1_234_567_890, "005924")]
    [InlineData(2_000_000_000, "279037")]
    [InlineData(20_000_000_000, "353130")]
    public void Code_IsThatOfTheStandard(long unixSeconds, string code) => Totp.Code(Seed, DateTimeOffset.FromUnixTimeSeconds(unixSeconds)).ShouldBe(code);

    [Theory]
    [InlineData(-2, null)]
    [InlineData(-1, Step - 1)]
    [InlineData(0, Step)]
    [InlineData(1, Step + 1)]
    [InlineData(2, null)]
    public void Code_OfANeighbouringStep_IsAccepted_AndNoOther(int steps, long? accepted) =>
        Totp.Accept(Seed, Totp.Code(Seed, Now.AddSeconds(30 * steps)), Now, lastStep: 0).ShouldBe(accepted);

    [Fact]
    public void Code_ThatWasUsed_OrAnOlderOne_IsNotAcceptedAgain()
    {
        Totp.Accept(Seed, Totp.Code(Seed, Now), Now, lastStep: Step - 1).ShouldBe(Step);
        Totp.Accept(Seed, Totp.Code(Seed, Now), Now, lastStep: Step).ShouldBeNull();
        Totp.Accept(Seed, Totp.Code(Seed, Now.AddSeconds(-30)), Now, lastStep: Step).ShouldBeNull();
        Totp.Accept(Seed, Totp.Code(Seed, Now.AddSeconds(30)), Now, lastStep: Step).ShouldBe(Step + 1, "the next one is not used yet");
    }

    [Theory]
    [InlineData("08180")]
    [InlineData("0818040")]
    [InlineData("08180a")]
    [InlineData("٠٨١٨٠٤")]
    [InlineData("081805")]
    [InlineData("")]
    public void Text_ThatIsNotTheCode_IsRefused(string text) => Totp.Accept(Seed, text, Now, lastStep: 0).ShouldBeNull();

    // RFC 4648, section 10, without padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_IsThatOfTheStandard(string text, string encoded) => Totp.ToBase32(Encoding.ASCII.GetBytes(text)).ShouldBe(encoded);

    [Fact]
    public void Base32_OfHighBytes_LosesNoBit() => Totp.ToBase32([0xff, 0xff, 0xff, 0xff, 0xff, 0x80]).ShouldBe("77777777QA");
}
