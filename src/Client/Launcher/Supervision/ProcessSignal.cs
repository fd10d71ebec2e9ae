using System.Runtime.InteropServices;

namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>Signals to one process or to the session it leads. Callers check the identity first.</summary>
public static partial class ProcessSignal
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Goes on after <see cref="Stop"/>. The numbers are Linux's on x86 and ARM.</summary>
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(int pid, int signal) => _ = KillProcess(pid, signal);

    /// <summary>Every service leads its own session, so its children go with it.</summary>
    public static void SendToGroup(int leader, int signal) => _ = KillProcess(-leader, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int KillProcess(int pid, int signal);
}
