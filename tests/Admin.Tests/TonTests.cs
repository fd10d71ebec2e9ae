using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Admin.Tests;

public class TonTests
{
    [Theory]
    [InlineData("0", "0.000000000")]
    [InlineData("1", "0.000000001")]
    [InlineData("-1", "-0.000000001")]
    [InlineData("1000000000", "1.000000000")]
    [InlineData("9007199254740993", "9007199.254740993")]
    [InlineData("9223372036854775807", "9223372036.854775807")]
    [InlineData("-9223372036854775808", "-9223372036.854775808")]
    [InlineData("123456789012345678901234567890", "123456789012345678901.234567890")]
    public void Show_IsExact(string nano, string ton) => Ton.Show(nano).ShouldBe(ton);

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e9")]
    [InlineData("")]
    public void Show_OfNoWholeNumber_IsRefused(string nano) => Should.Throw<FormatException>(() => Ton.Show(nano));
}
