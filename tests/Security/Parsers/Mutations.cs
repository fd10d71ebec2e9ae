using System.Text;

namespace CocoonPool.Security.Tests.Parsers;

/// <summary>Makes broken input out of good input: what a fuzzer does, from a seed that repeats.</summary>
internal sealed class Mutations(int seed, IReadOnlyList<byte[]> corpus)
{
    private static readonly byte[][] Fragments = [.. new[]
    {
        "null", "true", "[", "{", "\"", "\\", "}", "]", ",", ":", "1e999", "-0", "9223372036854775808", "-1", "\\ud800", "\u0000", "\"type\":\"hello\",", "0:", "ffff", "é", "\"\":0,", "[[[[[[[[[[[[[[[[", "{\"a\":", "AAAA", "====",
    }.Select(Encoding.UTF8.GetBytes), [0xff, 0xfe], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var bytes = corpus[_random.Next(corpus.Count)].ToList();
        for (var i = _random.Next(1, 5); i > 0; i--)
            Change(bytes);
        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = bytes.Count == 0 ? 0 : _random.Next(bytes.Count);
        switch (_random.Next(8))
        {
            case 0 when bytes.Count > 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2 when bytes.Count > 0:
                bytes.RemoveRange(at, Math.Min(_random.Next(1, 20), bytes.Count - at));
                break;
            case 3 when bytes.Count > 0:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(_random.Next(1, 40), bytes.Count - at)));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                var other = corpus[_random.Next(corpus.Count)];
                bytes.InsertRange(at, other.Skip(_random.Next(other.Length + 1)).Take(60));
                break;
            default:
                bytes.InsertRange(at, Fragments[_random.Next(Fragments.Length)]);
                break;
        }
    }
}
