// Says hello, and to whom: scons run-app.
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char **argv)
{
    std::string text = "Hello from a unikernel";
    const char *before = " to ";
    for (const std::string &name : std::vector<std::string>(argv + 1, argv + argc)) {
        text += before + name;
        before = ", ";
    }
    std::cout << text << "!\n";
}
