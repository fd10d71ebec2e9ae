using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CocoonPool.Domain.Contributions;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Agent.Tests.Link;

/// <summary>Holds docs/worker-protocol.md to the code: whoever writes an agent has nothing else.</summary>
public sealed class ProtocolDocumentTests
{
    private static readonly string[] Examples = [.. File.ReadLines(DocumentPath()).Where(line => line.StartsWith('{'))];

    [Theory]
    [InlineData(typeof(AgentFrame))]
    [InlineData(typeof(ServerFrame))]
    public void Document_ShowsAnExampleOfEveryFrame_ThatReadsAndWritesTheSame(Type kind)
    {
        foreach (var frame in kind.GetCustomAttributes<JsonDerivedTypeAttribute>())
        {
            var examples = Examples.Where(line => line.StartsWith($"{{\"type\":\"{frame.TypeDiscriminator}\"", StringComparison.Ordinal)).ToList();
            examples.ShouldNotBeEmpty($"there is no example of {frame.TypeDiscriminator}");
            foreach (var example in examples)
            {
                var written = new System.Buffers.ArrayBufferWriter<byte>();
                if (kind == typeof(AgentFrame))
                    FrameJson.Write(written, FrameJson.ReadAgentFrame(Encoding.UTF8.GetBytes(example)));
                else
                    FrameJson.Write(written, FrameJson.ReadServerFrame(Encoding.UTF8.GetBytes(example)));
                JsonElement.DeepEquals(Parse(Encoding.UTF8.GetString(written.WrittenSpan)), Parse(example)).ShouldBeTrue(example);
            }
        }
    }

    [Fact]
    public void Document_ShowsACanonicalReceipt()
    {
        var example = Examples.Single(line => line.Contains("cocoon-pool-receipt/1", StringComparison.Ordinal));

        Receipt.TryParse(Encoding.UTF8.GetBytes(example), out var receipt, out var problem).ShouldBeTrue(problem);
        receipt!.AdjustedTokens.ShouldBe(AdjustedTokens.Of(receipt.Tokens, new TokenMultipliers(), 1000));
    }

    [Fact]
    public void Document_NamesEveryErrorCode()
    {
        var text = File.ReadAllText(DocumentPath());

        foreach (var code in typeof(LinkErrors).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!))
            text.ShouldContain($"`{code}`");
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string DocumentPath()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, "docs", "worker-protocol.md");
            if (File.Exists(path))
                return path;
        }
        throw new FileNotFoundException("docs/worker-protocol.md");
    }
}
