namespace CocoonPool.Client.Agent.Backends.Demo;

/// <summary>
/// The demonstration model's tokens: a word with the space before it, a mark of punctuation, or a line break. Joining
/// tokens gives the text back.
/// </summary>
internal static class TextTokens
{
    public static List<string> Split(string text)
    {
        var tokens = new List<string>();
        var start = 0;
        while (start < text.Length)
        {
            var end = start + 1;
            if (text[start] == ' ' && end < text.Length && IsWord(text[end]) || IsWord(text[start]))
            {
                while (end < text.Length && IsWord(text[end]))
                    end++;
            }
            tokens.Add(text[start..end]);
            start = end;
        }
        return tokens;
    }

    public static int Count(string text) => Split(text).Count;

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '\'';
}
