using System.Security.Cryptography;
using System.Text;

namespace CocoonPool.Client.Agent.Backends.Demo;

/// <summary>
/// A language model from the time before there were large ones: it counts which token followed which three, two or one
/// tokens in a text, and draws the next token by these counts, from the longest context it has seen. It knows one small
/// text and understands nothing; it exists so that a pool can be tried with real, streamed, countable tokens and no GPU.
/// </summary>
internal sealed class NgramModel
{
    private const int LongestContext = 3;

    private readonly Dictionary<string, Followers> _followers = new(StringComparer.Ordinal);

    public NgramModel(string text)
    {
        var tokens = TextTokens.Split(text.ReplaceLineEndings("\n"));
        for (var index = 0; index < tokens.Count; index++)
        {
            for (var length = 0; length <= LongestContext && length <= index; length++)
            {
                var context = ContextOf(tokens, index, length);
                if (!_followers.TryGetValue(context, out var followers))
                    _followers[context] = followers = new Followers();
                followers.Add(tokens[index]);
            }
        }
    }

    /// <summary>The text that is part of the program.</summary>
    public static NgramModel TrainOnEmbeddedText()
    {
        using var stream = typeof(NgramModel).Assembly.GetManifestResourceStream("training-text.txt")
            ?? throw new InvalidOperationException("The training text is not part of this build.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new NgramModel(reader.ReadToEnd());
    }

    /// <summary>An endless continuation of the prompt; the same prompt always gets the same one.</summary>
    public IEnumerable<string> Continue(string prompt)
    {
        var random = new Draw(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)));
        var tokens = TextTokens.Split(prompt);
        if (tokens.Count == 0)
            tokens.Add("\n");
        while (true)
        {
            var next = Next(tokens, ref random);
            tokens.Add(next);
            if (tokens.Count > 4 * LongestContext)
                tokens.RemoveRange(0, tokens.Count - LongestContext);
            yield return next;
        }
    }

    private string Next(List<string> tokens, ref Draw random)
    {
        for (var length = Math.Min(LongestContext, tokens.Count); length > 0; length--)
        {
            // A context with a single known continuation would recite the text; a shorter one has more to say.
            if (_followers.TryGetValue(ContextOf(tokens, tokens.Count, length), out var followers)
                && (followers.Different > 1 || length == 1))
                return followers.Pick(ref random);
        }
        return _followers[""].Pick(ref random);
    }

    /// <summary>The <paramref name="length"/> tokens before <paramref name="end"/>, separated by a character that no token contains.</summary>
    private static string ContextOf(List<string> tokens, int end, int length) =>
        string.Join('\u0000', tokens.GetRange(end - length, length));

    private sealed class Followers
    {
        private readonly List<string> _seen = [];

        public int Different { get; private set; }

        public void Add(string token)
        {
            if (!_seen.Contains(token, StringComparer.Ordinal))
                Different++;
            _seen.Add(token);
        }

        public string Pick(ref Draw random) => _seen[(int)(random.Next() % (ulong)_seen.Count)];
    }

    /// <summary>SplitMix64: the same numbers on every platform and in every version of the runtime, unlike Random.</summary>
    private struct Draw(byte[] seed)
    {
        private ulong _state = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(seed);

        public ulong Next()
        {
            _state += 0x9E3779B97F4A7C15;
            var mixed = _state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
