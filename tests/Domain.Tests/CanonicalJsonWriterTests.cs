using System.Text;

namespace CocoonPool.Domain.Tests;

public class CanonicalJsonWriterTests
{
    [Fact]
    public void Strings_AreEscapedAsRfc8785Asks()
    {
        var json = new CanonicalJsonWriter().Text("\u20ac$\u000F\nA'\u0042\u0022\u005c\\\"/\b\f\r\t\u007f\u2028 😂").ToArray();
        Encoding.UTF8.GetString(json).ShouldBe("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\f\\r\\t\u007f\u2028 😂\"");
    }

    [Fact]
    public void Members_AreSeparatedAndNested()
    {
        var json = new CanonicalJsonWriter().StartObject()
            .Name("a").StartArray().Number(1).Boolean(true).Null().StartObject().EndObject().EndArray()
            .Name("b").StartObject().Name("a").Boolean(false).EndObject()
            .EndObject().ToArray();
        Encoding.UTF8.GetString(json).ShouldBe("""{"a":["1",true,null,{}],"b":{"a":false}}""");
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "a")]
    [InlineData("a", "Z")]
    public void Members_OutOfOrdinalOrder_AreABug(string first, string second)
    {
        var json = new CanonicalJsonWriter().StartObject().Name(first).Null();
        Should.Throw<InvalidOperationException>(() => json.Name(second));
    }

    [Fact]
    public void LoneSurrogate_IsABugBecauseUtf8CannotSayIt() =>
        Should.Throw<EncoderFallbackException>(() => new CanonicalJsonWriter().Text("\ud800"));
}
