using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>login</c>: a person's session for the commands that an API key may not do. The token goes into a file that only its owner reads.</summary>
internal static class LogIn
{
    public static Command Create(PoolCommands pool)
    {
        var username = new Option<string>("--username") { Description = "the account", Required = true };
        var file = new Option<string>("--session-file") { Description = "where the token goes; use it afterwards as --key-file", Required = true };
        return pool.Do(
            "login", "Signs a person in with password and one-time code, for an hour.",
            ["login --username alice --session-file ~/.cocoon-session", "--key-file ~/.cocoon-session user list"], [username, file],
            async (parsed, api, cancellationToken) =>
            {
                var password = Prompt.Secret("password");
                var code = Prompt.Secret("one-time code, or recovery code");
                var body = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["username"] = parsed.GetValue(username)!,
                    ["password"] = password,
                    [code.Length == 6 ? "totp" : "recovery_code"] = code,
                };
                var answer = await api.Json(new PoolRequest("/auth/operator", body, IsPublic: true), cancellationToken);
                var path = parsed.GetValue(file)!;
                Write(path, new Fields(answer.Root)["access_token"]);
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"Signed in for {new Fields(answer.Root)["expires_in"]} seconds; use --key-file {path}.");
                return ExitCode.Done;
            });
    }

    private static void Write(string path, string token)
    {
        try
        {
            File.Delete(path);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var writer = new StreamWriter(path, options);
            writer.Write(token);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AdminException(ExitCode.Usage, $"The session file cannot be written: {failure.Message}");
        }
    }
}
