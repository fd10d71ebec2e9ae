namespace CocoonPool.Client.Admin.Connection;

/// <summary>Asks for what must not stand on a command line, where other users of the machine could see it.</summary>
internal static class Prompt
{
    private static readonly AsyncLocal<TextReader?> Given = new();

    /// <summary>Takes answers from here, for this call and what it calls; null takes them from the console.</summary>
    public static void AnsweredFrom(TextReader? answers) => Given.Value = answers;

    /// <summary>Read without echo from a terminal; a line from a pipe.</summary>
    public static string Secret(string name)
    {
        if ((Given.Value ?? (Console.IsInputRedirected ? Console.In : null)) is { } lines)
            return lines.ReadLine() is { Length: > 0 } line ? line : throw new AdminException(ExitCode.Usage, $"The input ended before the {name}; give one line for each question.");
        Console.Error.Write($"{name}: ");
        var text = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } pressed)
        {
            if (pressed.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(pressed.KeyChar))
                text.Append(pressed.KeyChar);
        }
        Console.Error.WriteLine();
        return text.Length > 0 ? text.ToString() : throw new AdminException(ExitCode.Usage, $"The {name} is empty.");
    }
}
