namespace CocoonPool.Domain.Contributions;

/// <summary>Names one request served by one worker: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>. The receipt of the task has the same id.</summary>
public readonly record struct TaskId(string Value)
{
    public static bool TryParse(string? text, out TaskId id)
    {
        id = new(text ?? "");
        return text is { Length: >= 1 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
    }

    public override string ToString() => Value;
}
