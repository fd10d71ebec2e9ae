namespace CocoonPool.Domain.Workers;

/// <summary>Names one worker of the pool: 3 to 64 of <c>a-z 0-9 . _ -</c>, starting with a letter or digit.</summary>
public readonly record struct WorkerId(string Value)
{
    public static bool TryParse(string? text, out WorkerId id)
    {
        id = new(text ?? "");
        return text is { Length: >= 3 and <= 64 }
            && char.IsAsciiLetterOrDigit(text[0])
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');
    }

    public override string ToString() => Value;
}
